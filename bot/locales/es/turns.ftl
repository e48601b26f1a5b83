### Lo que dice el bot por su cuenta: qué se puede hacer con una respuesta, ediciones, /why, /chart y mensajes sin texto.

## Botones bajo una respuesta

button_stop = Parar
chip_facts = Datos erróneos
chip_question = No es lo que pregunté
chip_diet = No es para mi dieta
chip_long = Demasiado larga
chip_other = Otra cosa
feedback_why = Lo siento. ¿Qué estaba mal?
feedback_reason_thanks = Gracias, eso me ayuda.
again_coming = Va otra respuesta.
nothing_else = No tengo nada más sobre eso en mi base de conocimientos.
stop_done = Parado.
stop_too_late = Esa respuesta ya está terminada.
stopped_at_once = Parado antes de escribir nada.
stopped_note = _(Aquí me has parado.)_
sources_cited = Lo que cita esta respuesta
sources_given = De qué está hecha esta respuesta
sources_none = Esta respuesta no necesitó fuentes.

## Preguntas editadas

reworded_dropped = Has editado tu pregunta, así que he retirado lo que solo decía la versión anterior: { $changes }.
reworded_kept = De la versión anterior sigo teniendo en cuenta esto, para que ninguna restricción se pierda por accidente: { $changes }. Con /prefs puedes quitarlo.

## /why

why_nothing = Puedo explicarte mis respuestas: envía /why después de una, o respondiendo a una.
why_understood = Lo que he entendido
why_meant = He entendido tu pregunta así: { $question }
why_intent_lookup = Querías un dato de un alimento.
why_intent_compare = Querías comparar alimentos.
why_intent_suggest = Querías saber qué comer.
why_intent_recipe = Querías una receta.
why_intent_plan = Querías un plan.
why_intent_question = Tenías una pregunta sobre comida.
why_intent_state = Me contaste algo de ti, sin preguntar nada.
why_intent_show_preferences = Querías ver tus preferencias.
why_intent_open_preferences = Querías quitar tus restricciones, algo que solo hace /prefs.
why_intent_small_talk = Estabas siendo amable.
why_intent_other = No supe qué tipo de pregunta era.
why_again = Querías otra respuesta, así que tenía que ser distinta de las anteriores.
why_edited = Has editado la pregunta.
why_preferences = Lo que he tenido en cuenta
why_no_preferences = Nada: no sé nada de lo que comes.
why_found = Lo que he encontrado
why_nothing_found = Nada: no hacía falta, o no había nada adecuado para ti.
why_passage = [{ $number }] { $title }{ $source }, relevancia { $score }{ $cited ->
    [yes] , citado
   *[other] {""}
}
why_written = Quién la ha escrito
why_by_model = El modelo de lenguaje, a partir de lo que he encontrado.
why_by_us = Nadie: está compuesta con lo que he encontrado, o ya estaba lista.
why_model = Modelo: { $model }
why_model_adapter = Modelo: { $model } con el adaptador { $adapter }
why_tokens = { $prompt } tokens leídos ({ $cached } de ellos recordados), { $completion } escritos
why_stopped = La paraste antes de que terminara.
why_checked = Lo que ha hecho la comprobación
why_guard_passed = La ha superado: cifras, fuentes y alimentos están como deben.
why_guard_repaired = El primer intento no la superó; el segundo, sí.
why_guard_composed = He compuesto yo la respuesta, sin las palabras del modelo.
why_guard_refused = Esto va más allá de un asistente de alimentación, así que has recibido una respuesta fija que dice a quién acudir.
why_fixed = No había nada que comprobar: esta respuesta es siempre la misma.
why_reason_away = No se pudo contactar a tiempo con el modelo de lenguaje.
why_reason_nothing = Nada de mi base de conocimientos se acercaba lo bastante a la pregunta.
why_reason_long = La pregunta era demasiado larga para que el modelo la leyera junto con lo que he encontrado.
why_reason_red_line = Toca tu salud de un modo que necesita a una persona que te conozca.
why_reason_asked = Pediste { $name }, que dejo fuera: { $reason }.
why_reason_figure = Una cifra no estaba en ninguna fuente: { $figure }
why_reason_unknown = Nombraba algo que nadie ha revisado: { $name }
why_reason_citation = Citaba una fuente que no existe: { $number }
why_reason_uncited = No decía de dónde sacaba las cifras.
why_reason_figure_missing = No daba el dato que pediste: { $nutrient }
why_reason_repeats = Se repetía.
why_reason_same = Decía lo que ya te había dicho.
why_reason_instructions = Repetía sus propias instrucciones.
why_reason_empty = No decía nada.
why_reason_length = Llegó al límite de longitud.
why_reason_hidden = Escondía palabras en la forma de escribirlas.
why_reason_language = Tienes restricciones, y solo en inglés puedo comprobar que las palabras de un modelo las respeten, así que no se lo he preguntado.
why_reason_unasked = Decía de ti cosas que nunca has dicho.
why_reason_somebody = Hablaba de alguien a quien no has mencionado.
why_reason_medicine = Hablaba de cambiar un medicamento, algo que solo puede hacer un médico.
why_reason_starving = Aconsejaba comer demasiado poco, o no comer nada.
why_reason_testing = Aconsejaba probar una alergia comiendo algo.
why_reason_emergency = Hablaba de una reacción grave sin remitirte al número de emergencias.
why_reason_harmless = Hacía pasar una alergia por inofensiva.
why_reason_other = Otro motivo (en inglés): { $reason }
why_took = Cuánto ha tardado
why_times = { $total } s en total: entender { $understand }, buscar { $search }, escribir { $model }, comprobar { $guard }

## /chart

chart_usage = ¿Qué alimentos comparo? Por ejemplo: /chart lentils, tofu, chicken (los nombres, en inglés)
chart_too_many = Son { $number } alimentos; en una imagen caben { $most } como máximo.
chart_title = Por ración, uno al lado de otro
chart_no_figure = sin dato
chart_left_out = He dejado fuera { $name }: { $reason }.
chart_left_out_shared = He dejado fuera { $name }.
chart_unknown = No tengo datos de: { $names }. ¿Quizá con otro nombre?

## Mensajes sin texto

not_text_voice = Todavía no puedo escuchar mensajes de voz. ¿Me lo escribes?
not_text_audio = No puedo oír música ni grabaciones, pero me gustaría leer qué quieres saber.
not_text_video = No puedo ver vídeos. Cuéntame con palabras qué sale y miraré lo que sé.
not_text_photo = Todavía no puedo ver fotos. Dime qué hay en el plato y lo busco.
not_text_sticker = ¡Qué bueno! Y ahora, ¿qué te gustaría saber sobre comida?
not_text_animation = ¡Qué gracia! Yo solo respondo a palabras: ¿qué te gustaría saber sobre comida?
not_text_location = Gracias, pero no conozco sitios ni restaurantes. Conozco alimentos y recetas: pregúntame.
not_text_contact = No guardo contactos. Mejor pregúntame por un alimento o una receta.
not_text_document = No puedo leer archivos. Copia en un mensaje la parte que importa, por favor.
not_text_poll = Yo votaría por las lentejas. ¿Qué te gustaría saber sobre comida?
not_text_dice = ¡Buena tirada! ¿Elijo yo tu cena? Pregunta: «¿Qué puedo cenar?»

command_why = Por qué la última respuesta es como es
command_chart = Comparar alimentos en una imagen
