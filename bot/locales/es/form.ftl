### Lo que dice el bot por su cuenta: el formulario que rellena quien llega por primera vez.

form_hello_again = ¡Hola otra vez! Esto es lo que sé de ti.
form_ask_diets = ¿Sigues alguna dieta? Pulsa todas las que sigas, o escríbelo sin más. Puedes contarme varias cosas a la vez: «dieta vegana, alergia a las nueces, 1800 kcal».
form_ask_allergies = ¿Tienes alguna alergia? Pulsa, o escribe cualquier alimento: nunca recomiendo aquello a lo que tienes alergia.
form_ask_dislikes = ¿Hay algo que no te guste comer? Pulsa, o escribe cualquier alimento.
form_ask_aims = ¿Te has puesto algún objetivo, como calorías o proteínas al día? Pulsa, o escribe «1800 kcal, 90 g de proteínas».
form_back_service = Vuelvo a mi pregunta: ¿puedo guardar nuestras conversaciones?
form_back_improvement = Vuelvo a mi pregunta: ¿se pueden usar nuestras conversaciones para mejorar el modelo?
form_back_diets = Vuelvo a mis preguntas: ¿sigues alguna dieta?
form_back_allergies = Vuelvo a mis preguntas: ¿tienes alguna alergia?
form_back_dislikes = Vuelvo a mis preguntas: ¿hay algo que no te guste comer?
form_back_aims = Vuelvo a mis preguntas: ¿te has puesto algún objetivo, como calorías o proteínas al día?
form_progress = { $number } de { $count }
form_known = Hasta ahora: { $names }
form_noted = Anotado: { $changes }.
form_keeps = Me atengo a lo que ya sé: { $names }. Con /prefs lo cambias.
form_unknown = No conozco «{ $word }». Prueba con otra palabra, por favor.
form_unknown_close = No conozco «{ $word }». ¿Querías decir { $names }?
form_answered = Eso ya lo has contestado. Con /prefs lo cambias.
form_over = Esas preguntas ya están hechas. /prefs muestra lo que sé.
form_summary = ¡Gracias! Esto es lo que tengo en cuenta:
form_line = { $title }: { $answer }
form_none = no hay
form_unsaid = sin contestar
form_yes = sí
form_no = no
form_title_service = Guardar nuestras conversaciones
form_title_improvement = Usarlas para mejorar el modelo
form_next = Lo cambias con /prefs, y lo de las dos últimas líneas con /privacy. Ahora pregúntame algo, por ejemplo: «¿Qué puedo cenar?»

## Botones

form_button_none_diets = Ninguna dieta
form_button_none_allergies = Ninguna alergia
form_button_none_dislikes = Nada
form_button_none_aims = Ningún objetivo
form_button_done = Listo
form_button_skip = Saltar
form_button_quit = Saltar todas las preguntas
form_button_more = Contestar lo que falta

## Alimentos que a mucha gente no le gustan, por su identificador, para los botones

form_usual_dislikes = liver, cauliflower, brussels_sprout, aubergine, coriander, olive

## Palabras que contestan por sí solas, separadas por comas

form_words_yes = sí, si, claro, claro que sí, vale, de acuerdo, por supuesto, bueno, adelante, sí por favor
form_words_no = no, no gracias, nunca, mejor no, para nada, prefiero que no
form_words_none = no, ninguno, ninguna, ningunos, ningunas, nada, nada de nada, ninguno de estos, ninguna de estas, nada especial
form_words_skip = saltar, salta, siguiente, luego, después, más tarde, paso, ahora no, prefiero no decirlo, no sé, no lo sé
form_words_done = listo, lista, hecho, ya está, eso es todo, nada más, terminado, continuar
form_words_quit = saltar todo, saltar todas las preguntas, sáltalo todo, saltar el resto, para, cancelar, basta, no más preguntas
form_words_but = pero, y soy, y tengo, y me, y odio, y quiero
form_words_talk = yo, me, mi, tú, tu, te, es, son, era, soy, estoy, puedo, puedes, dime, dame, quiero, necesito, sobre, qué, que, por qué, cómo, cuándo, dónde, quién, cuál, gracias, hola, hoy
form_lead_none = no, no tengo, no tengo ninguna, no tengo ningún, ninguna, ningún, sin, no sigo, no sigo ninguna, no hay
form_kind_diets = dieta, dietas, dieta especial
form_kind_allergies = alergia, alergias, intolerancia, intolerancias, alergias alimentarias
form_kind_dislikes = manías, manía
form_kind_aims = objetivo, objetivos, meta, metas
form_none_diets = como de todo, soy omnívoro, soy omnívora, no sigo dieta, no estoy a dieta
form_none_allergies = no soy alérgico a nada, no soy alérgica a nada, no tengo alergia a nada, sin alergias
form_none_dislikes = me gusta todo, como de todo, no hay nada que no me guste
form_none_aims = no me he puesto ningún objetivo, no cuento calorías, no cuento

## Enlaces: lo que va detrás de `t.me/<bot>?start=`

link_command = Venías por { $command }: púlsalo cuando quieras.
link_unknown = No sé para qué es el enlace que has seguido, pero me alegro de que estés aquí.
link_question = Tu enlace pregunta: «{ $text }»
link_statement = Tu enlace dice algo de lo que comes: «{ $text }» Solo anoto lo que escribes tú, así que envíamelo si es verdad.
