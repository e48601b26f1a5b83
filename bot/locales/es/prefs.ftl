### Lo que dice el bot por su cuenta: /prefs.

prefs_usage =
    Así funciona /prefs:
    /prefs: todo lo que sé de lo que comes, con botones para cambiarlo
    /prefs sin cacahuetes, vegana: con tus palabras
    /prefs add allergy peanuts, sesame
    /prefs add exception almonds: puedes comerlo a pesar de la alergia a los frutos de cáscara
    /prefs add diet vegan
    /prefs add like lentils
    /prefs add dislike coriander
    /prefs set target protein 120
    /prefs set units imperial
    /prefs set language es
    /prefs remove allergy peanuts
    /prefs clear
    /prefs export: todo en un archivo
prefs_kind_missing = Dime qué es, por favor: /prefs { $action } allergy …, diet …, like …, dislike … o target …
prefs_value_missing_allergy = ¿Cuál? Por ejemplo: /prefs { $action } allergy peanuts
prefs_value_missing_exception = ¿Cuál? Por ejemplo: /prefs { $action } exception almonds
prefs_value_missing_diet = ¿Cuál? Por ejemplo: /prefs { $action } diet vegan
prefs_value_missing_like = ¿Qué? Por ejemplo: /prefs { $action } like lentils
prefs_value_missing_dislike = ¿Qué? Por ejemplo: /prefs { $action } dislike coriander
prefs_value_missing_target = Dime un nutriente y, para fijarlo, una cantidad al día: /prefs { $action } target protein 120
prefs_value_missing_units = ¿Métricas o imperiales? Por ejemplo: /prefs set units imperial
prefs_value_missing_language = ¿Cuál? Por ejemplo: /prefs set language es
prefs_set_what = Dime qué quieres fijar: /prefs set target protein 120, /prefs set units imperial o /prefs set language es
prefs_did_you_mean = No conozco «{ $word }». ¿Querías decir una de estas cosas?
prefs_which_kind = ¿Qué pasa con «{ $word }»?
prefs_unknown = No conozco «{ $word }». Prueba con otra palabra, por favor.
prefs_others = No conozco «{ $word }», así que todavía no he anotado nada. ¿Hago el resto?
prefs_too_long = «{ $word }» es demasiado largo: como mucho { $limit } caracteres, por favor.
prefs_for_other = Eso es de otra persona, así que no he anotado nada. Solo guardo lo que me cuentas de ti.
prefs_chosen_units = Recordaré tus unidades: { $name }.
prefs_chosen_language = A partir de ahora hablamos { $name }.
prefs_added = Anotado: { $changes }.
prefs_removed = Quitado: { $changes }.
prefs_not_there = Eso no estaba en tus preferencias: { $changes }.
prefs_confirm_remove = ¿Seguro que quieres quitar la alergia a { $names }? Entonces volveré a recomendártelo.
prefs_confirm_clear = ¿Seguro que quieres borrar todo lo que sé de lo que comes, también las alergias?
prefs_cleared = Todo borrado. Ya no sé nada de lo que comes.
prefs_kept = No ha cambiado nada.
prefs_not_yours = Estos botones son para quien preguntó.
button_yes_remove = Sí, quítala
button_yes_clear = Sí, bórralo
button_no = No, déjalo
button_undo = Deshacer
candidate = ¿Lo he entendido bien: { $changes }? Lo tendré en cuenta cuando me lo confirmes.
button_yes_note = Sí, anótalo
button_no_note = No, olvídalo
confirm_exception = Tienes alergia a ese grupo, así que sigo dejando fuera { $names }. Para cambiarlo: /prefs add exception { $first }
chat_candidate = ¿Lo he entendido bien: { $changes }? Entonces escribe: /prefs add { $words }
undone = Deshecho: { $changes }.
undo_nothing = No queda nada que deshacer.

## Palabras que entiende /prefs, además de las inglesas de los ejemplos, separadas por comas

prefs_action_show = mostrar, muestra, ver
prefs_action_add = añadir, añade, anadir, agregar, agrega
prefs_action_remove = quitar, quita, eliminar, elimina
prefs_action_set = fijar, fija
prefs_action_clear = borrar, borra, vaciar
prefs_action_export = exportar, exporta, descargar
prefs_kind_allergy = alergia, alergias
prefs_kind_exception = excepción, excepciones, excepcion
prefs_kind_diet = dieta, dietas
prefs_kind_like = gusto, gustos
prefs_kind_dislike = disgusto, disgustos
prefs_kind_target = objetivo, objetivos, meta, metas
prefs_kind_units = unidades, unidad
prefs_kind_language = idioma, lengua
prefs_units_metric = métrico, métricas, metrico, metricas
prefs_units_imperial = imperiales
