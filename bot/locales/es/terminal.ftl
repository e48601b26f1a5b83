### Lo que dice el bot por su cuenta: la terminal.

chat_prompt = tú>{" "}
chat_intro = Pregúntame por la comida con tus palabras. /help cuenta más, Ctrl-D sale.
chat_help =
    Pregunta con tus palabras o usa:
    /prefs: lo que sé de ti; /prefs add|remove|set|clear|export …
    /start: mis preguntas sobre lo que comes
    /new: empezar otra conversación; tus preferencias se quedan
    /undo: deshacer lo que anoté de tu último mensaje
    /why: por qué la última respuesta es como es; /sources: de qué está hecha
    /again: otra respuesta a la misma pregunta
    /good, /bad: qué te parece la última respuesta (también 👍 y 👎)
    /chart lentejas, tofu: alimentos comparados
    /language: cambiar el idioma
    /privacy: qué se puede hacer con nuestras conversaciones
    /mydata: todo lo que guardo sobre ti, en un archivo
    /forget: borrarlo
    /help, /quit
    El tabulador completa los comandos y sus palabras; Ctrl-C detiene una respuesta, Ctrl-D sale.
chat_leave = Ctrl-D o /quit: salir.
chat_waiting = escribiendo; Ctrl-C lo detiene
chat_stopped = Detenido.
chat_stop_how = No estoy escribiendo nada. Mientras escribo, Ctrl-C me detiene.
chat_undo = /undo deshace lo que he anotado.
chat_no_answer = Todavía no hay respuesta: pregúntame algo primero.
chat_reason = Número o palabras; Intro lo deja sin decir:
chat_forget_question = ¿Seguro que quieres borrarlo todo?
chat_forgotten = He borrado todo lo que sabía de ti, también lo que has escrito aquí. Los archivos que escribió /mydata son tuyos. ¡Hasta otra!
chat_forgotten_elsewhere = Entretanto se ha borrado todo lo que sabía de ti, así que ya no te conozco. ¡Hasta otra!
chat_confirm = { $question } Escribe sí para hacerlo:
chat_yes = sí, si, s, yes, y
chat_mydata = Todo lo que guardo sobre ti está en { $path }. Solo tú puedes leerlo. /forget borra lo que guardo.
chat_not_written = No puedo escribir { $path }: { $reason }. Ábreme en otra carpeta.
chat_privacy_how = Para cambiarlo: { $choices }
chat_word_service = guardar, servicio
chat_word_improvement = mejorar, mejora
chat_form_consent = Escribe sí o no; saltar la deja sin contestar, saltar todo deja todas.
chat_form_none = Escríbelo con tus palabras, o ninguno; saltar la deja sin contestar, saltar todo deja todas.
chat_form_done = Escribe algo más, o listo para seguir; saltar todo deja todas las preguntas.
chat_ask_diets = ¿Sigues alguna dieta? Puedes contarme varias cosas a la vez: «vegana, alérgica a las nueces, 1800 kcal».
chat_ask_allergies = ¿Tienes alguna alergia? Escribe cualquier alimento: nunca recomiendo aquello a lo que tienes alergia.
chat_ask_dislikes = ¿Hay algo que no te guste comer?
chat_ask_aims = ¿Te has puesto algún objetivo, como calorías o proteínas al día? Por ejemplo: «1800 kcal, 90 g de proteínas».
table_basis = por { $basis }
command_quit = Salir
command_sources = De qué está hecha la última respuesta
command_again = Otra respuesta a la misma pregunta
command_good = La última respuesta está bien
command_bad = La última respuesta no sirve
command_undo = Deshacer lo anotado del último mensaje
