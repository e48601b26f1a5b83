### Lo que dice el bot por su cuenta: la terminal.

chat_prompt = tú>{" "}
chat_intro = Pregúntame por la comida. /prefs muestra lo que sé de ti, /new empieza otra conversación, /help cuenta más, Ctrl-D sale.
chat_help =
    Pregunta con tus palabras o usa:
    /prefs: lo que sé de ti; /prefs add|remove|set|clear|export …
    /new: empezar otra conversación; tus preferencias se quedan
    /why: por qué la última respuesta es como es
    /chart lentejas, tofu: alimentos comparados
    /forget: borrar todo lo que sé de ti
    /language: cambiar el idioma
    /help, /quit
    El tabulador completa los comandos y sus palabras; Ctrl-C detiene una respuesta, Ctrl-D sale.
chat_waiting = escribiendo; Ctrl-C lo detiene
chat_stopped = Detenido.
chat_forget_question = ¿Seguro que quieres borrar todo lo que sé de ti, nuestras conversaciones y lo que has escrito aquí?
chat_forgotten = He borrado todo lo que sabía de ti. ¡Hasta otra!
chat_confirm = { $question } Escribe sí para hacerlo:{" "}
chat_yes = sí, si, s, yes, y
table_basis = por { $basis }
command_quit = Salir
