### Lo que dice el bot por su cuenta: /prefs.

prefs_usage =
    Así funciona /prefs:
    /prefs: todo lo que sé de lo que comes, con botones para cambiarlo
    /prefs sin cacahuetes, vegana: con tus palabras
    /prefs añadir alergia cacahuetes, sésamo
    /prefs añadir excepción almendras: puedes comerlo a pesar de la alergia a los frutos de cáscara
    /prefs añadir dieta vegana
    /prefs añadir gusto lentejas
    /prefs añadir disgusto cilantro
    /prefs fijar objetivo proteínas 120
    /prefs fijar unidades imperiales
    /prefs fijar idioma es
    /prefs quitar alergia cacahuetes
    /prefs borrar
    /prefs exportar: todo en un archivo
prefs_kind_missing = Dime qué es, por favor: /prefs { $action } alergia …, dieta …, gusto …, disgusto … u objetivo …
prefs_value_missing_allergy = ¿Cuál? Por ejemplo: /prefs { $action } alergia cacahuetes
prefs_value_missing_exception = ¿Cuál? Por ejemplo: /prefs { $action } excepción almendras
prefs_value_missing_diet = ¿Cuál? Por ejemplo: /prefs { $action } dieta vegana
prefs_value_missing_like = ¿Qué? Por ejemplo: /prefs { $action } gusto lentejas
prefs_value_missing_dislike = ¿Qué? Por ejemplo: /prefs { $action } disgusto cilantro
prefs_value_missing_target = Dime un nutriente y, para fijarlo, una cantidad al día: /prefs { $action } objetivo proteínas 120
prefs_value_missing_units = ¿Métricas o imperiales? Por ejemplo: /prefs fijar unidades imperiales
prefs_value_missing_language = ¿Cuál? Por ejemplo: /prefs fijar idioma es
prefs_set_what = Dime qué quieres fijar: /prefs fijar objetivo proteínas 120, /prefs fijar unidades imperiales o /prefs fijar idioma es
prefs_did_you_mean = No conozco «{ $word }». ¿Querías decir una de estas cosas?
prefs_which_kind = ¿Qué pasa con «{ $word }»?
prefs_unknown = No conozco «{ $word }». Prueba con otra palabra, por favor.
prefs_others = No conozco «{ $word }», así que todavía no he anotado nada. ¿Hago el resto?
prefs_too_long = «{ $word }» es demasiado largo: como mucho { $limit } caracteres, por favor.
prefs_for_other = Eso es de otra persona, así que no he anotado nada. Solo guardo lo que me cuentas de ti.
prefs_chosen_units = Desde ahora, las tarjetas muestran tu peso y tu altura en unidades { $name }. Las respuestas dan gramos y kcal, como sus fuentes.
prefs_chosen_language = A partir de ahora hablamos { $name }.
prefs_added = Anotado: { $changes }.
prefs_removed = Quitado: { $changes }.
prefs_not_there = Eso no estaba en tus preferencias: { $changes }.
prefs_confirm_remove = ¿Seguro que quieres quitar la alergia a { $names }? Entonces volveré a recomendártelo.
prefs_confirm_clear = ¿Seguro que quieres borrar todo lo que sé de lo que comes, también las alergias?
prefs_confirm_clear_kind = ¿Seguro que quieres borrar todo lo que hay en «{ $title }»?
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
confirm_exception = Tienes alergia a ese grupo, así que sigo dejando fuera { $names }. Para cambiarlo: /prefs añadir excepción { $first }
chat_candidate = ¿Lo he entendido bien: { $changes }? Entonces escribe: /prefs add { $words }
undone = Deshecho: { $changes }.
undo_nothing = No queda nada que deshacer.

## Palabras que entiende /prefs, además de las inglesas, separadas por comas

prefs_action_show = mostrar, muestra, ver
prefs_action_add = añadir, añade, anadir, agregar, agrega
prefs_action_remove = quitar, quita, eliminar, elimina
prefs_action_set = fijar, fija, poner, pon, cambiar, cambia
prefs_action_clear = borrar, borra, vaciar
prefs_action_export = exportar, exporta, descargar
prefs_scope_all = todo, todas
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
prefs_target_energy_kcal = energía, energia, calorías, calorias
prefs_target_protein_g = proteínas, proteína, proteinas, proteina
prefs_target_fat_g = grasas, grasa
prefs_target_carbohydrate_g = hidratos de carbono, hidratos, carbohidratos
prefs_target_fibre_g = fibra
prefs_target_sugar_g = azúcares, azúcar, azucares, azucar
prefs_target_saturated_fat_g = grasas saturadas, grasa saturada
prefs_target_sodium_mg = sodio
prefs_target_calcium_mg = calcio
prefs_target_iron_mg = hierro
prefs_target_potassium_mg = potasio
prefs_target_vitamin_c_mg = vitamina C
prefs_target_b12_ug = vitamina B12
prefs_target_weight_kg = peso corporal, peso
prefs_target_height_cm = estatura, altura
