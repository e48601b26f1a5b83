### Lo que el bot dice por su cuenta: /mydata y /forget.

command_mydata = Todo lo que guardo sobre ti, en un archivo
command_forget = Borrar todo lo que guardo sobre ti
mydata_caption = Todo lo que guardo sobre ti. /forget lo borra.
mydata_nothing = No guardo nada sobre ti.
forget_question =
    ¿Borro todo lo que guardo sobre ti? Es decir, lo que sé de lo que comes, incluidas tus alergias, nuestras conversaciones, tus valoraciones y tus decisiones sobre privacidad. También lo que se apartó de todo ello para mejorar el modelo.

    No se puede deshacer. Antes, /mydata te envía una copia.
button_forget_yes = Sí, bórralo todo
button_forget_no = No, consérvalo
forget_kept = No se ha borrado nada.
forgotten =
    Todo está borrado. Ya no te conozco, ni sé qué no puedes comer: si vuelves a escribirme, cuéntame primero tus alergias.

    Lo que está escrito en este chat lo guarda Telegram; allí puedes borrar el chat.
