### Lo que dice el bot por su cuenta: Telegram.

start =
    Soy Platewise, un asistente de alimentación. Busco en una base de conocimientos sobre alimentos y te enseño mis fuentes.
    Cuéntame qué no puedes o no quieres comer, por ejemplo «Sigo una dieta vegana y tengo alergia a los cacahuetes», y lo tendré en cuenta.
    Después pregunta: «¿Cuánta proteína tienen las lentejas cocidas?» No soy médico; /help te cuenta más.
help =
    Pregúntame por la comida con tus palabras:
    «¿Qué tentempié tiene mucha proteína?»
    «¿Qué tiene más hierro, el tofu o las espinacas?»
    «Dame una receta con garbanzos.»

    /prefs muestra y cambia lo que sé de lo que comes
    /chart lentils, tofu, chicken compara alimentos en una imagen (los nombres, en inglés)
    /why explica mi última respuesta, o aquella a la que respondas
    /new empieza otra conversación; tus preferencias se quedan
    /privacy muestra y cambia qué se puede hacer con nuestras conversaciones
    /mydata te envía todo lo que tengo sobre ti
    /forget lo borra
    /language cambia el idioma
    /help muestra esto
new_conversation = Empezamos otra conversación. Sigo sabiendo tus preferencias.
unknown_command = No conozco ese comando. /help enumera los que conozco.
only_text = De momento solo sé leer texto. Dime con palabras qué quieres saber, por favor.
only_private = Escríbeme en un chat privado, por favor: lo que comes no le importa a nadie más.
not_allowed = Este bot es privado. Si crees que deberías tener acceso, pregunta a quien lo gestiona; tu identificador de Telegram es { $id }.
placeholder = …
failure = Algo ha fallado por mi parte, y tu mensaje está a salvo. Si vuelve a pasar, dile a quien gestiona este bot el número { $id }.
feedback_thanks = ¡Gracias!
feedback_unknown = Esa respuesta ya no está.
sources = Fuentes
language_question = ¿En qué idioma hablamos?
language_unknown = Todavía no hablo «{ $language }». Hablo: { $languages }.

# Lo que dice un chat vacío con el bot (512 caracteres como máximo) y su perfil (120 como máximo).

bot_description = Soy Platewise, un asistente de alimentación. Cuéntame qué no puedes o no quieres comer y después pregunta: cifras, recetas, ideas para hoy. Busco en una base de conocimientos sobre alimentos y te enseño mis fuentes. No soy médico.
bot_short_description = Un asistente de alimentación que respeta lo que no puedes comer y enseña sus fuentes.

command_start = Saludar
command_help = Qué puedo hacer
command_prefs = Lo que sé de lo que comes
command_new = Empezar otra conversación
command_language = Cambiar el idioma
