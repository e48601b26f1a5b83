### Lo que dice el bot por su cuenta: la ficha de /prefs, y lo que sabe, en palabras.

## La ficha

card_title = Lo que sé de lo que comes
card_empty_hint = Usa los botones o cuéntamelo en un mensaje.
card_line = { $name }: { $origin }
card_more = … y { $count } más
card_diets = Dietas
card_allergies = Alergias
card_likes = Me gusta
card_dislikes = No me gusta
card_targets = Objetivos
card_settings = Unidades e idioma
card_units = Peso y altura en unidades { $name }
card_language = Idioma: { $name }
card_exceptions = Puedes comerlo a pesar de una alergia
card_none = Todavía nada.
card_diets_hint = Toca una dieta para activarla o quitarla.
card_allergies_hint = Toca para añadir una. Antes de quitar una, pregunto. Para cualquier otro alimento: /prefs añadir alergia fresas
card_likes_hint = Para añadir uno: /prefs añadir gusto lentejas
card_dislikes_hint = Para añadir uno: /prefs añadir disgusto cilantro
card_targets_hint = Toca un objetivo para cambiarlo.
card_targets_choose = ¿Qué objetivo quieres ponerte?
card_target_draft = ¿{ $name }: { $amount }? Cuenta en cuanto lo guardes.
card_settings_hint = Toca para elegir.
card_confirm_allergy = ¿Seguro que quieres quitar la alergia a { $name } ({ $origin })? Entonces volveré a recomendártelo.
card_closed = Cerrado. /prefs lo muestra otra vez.
card_on = Anotado: { $name }.
card_off = Quitado: { $name }.
card_gone = Eso ya no está.
card_changed = Eso ha cambiado entretanto. Esto es lo que vale ahora.
card_export = Todo lo que sé de lo que comes y de dónde lo sé.
card_file = platewise-preferencias.json

card_button_on = ✅ { $name }
card_button_remove = ✕ { $name }
card_button_section = { $title } ({ $count })
card_button_clear = Borrarlo todo
card_button_export = Exportar
card_button_back = ‹ Atrás
card_button_close = Cerrar
card_button_add_target = + Añadir un objetivo
card_button_save = Guardar { $amount }
card_button_remove_target = Quitar
card_button_page = { $page } / { $pages }
units_metric = métricas
units_imperial = imperiales

## De dónde viene

date_locale = es
origin_message = de tu mensaje del { $date }
origin_command = /prefs, { $date }
origin_button = un botón, { $date }
origin_form = de nuestra primera charla, { $date }
origin_other = { $date }

## Cambios en palabras

change_allergy = alergia a { $name }
change_exception = { $name } se puede comer
change_diet = dieta { $name }
change_like = te gusta: { $name }
change_dislike = no te gusta: { $name }
change_target = { $name } { $amount }
target_line = { $name } { $amount }
amount = { $amount } { $unit }
amount_a_day = { $amount } { $unit } al día

## Nombres de dietas, alérgenos y objetivos

diet_vegan = vegana
diet_vegetarian = vegetariana
diet_pescatarian = pescetariana
diet_halal = halal
diet_kosher = kosher
diet_gluten_free = sin gluten
diet_dairy_free = sin lácteos
diet_low_carb = baja en carbohidratos
diet_low_sodium = baja en sodio
diet_low_fodmap = baja en FODMAP
diet_diabetic = para la diabetes
allergen_celery = apio
allergen_gluten = gluten
allergen_crustaceans = crustáceos
allergen_eggs = huevos
allergen_fish = pescado
allergen_lupin = altramuces
allergen_milk = leche
allergen_molluscs = moluscos
allergen_mustard = mostaza
allergen_peanuts = cacahuetes
allergen_sesame = sésamo
allergen_soybeans = soja
allergen_sulphites = sulfitos
allergen_tree_nuts = frutos de cáscara
target_energy_kcal = energía
target_protein_g = proteínas
target_fat_g = grasas
target_carbohydrate_g = hidratos de carbono
target_fibre_g = fibra
target_sugar_g = azúcares
target_saturated_fat_g = grasas saturadas
target_sodium_mg = sodio
target_calcium_mg = calcio
target_iron_mg = hierro
target_potassium_mg = potasio
target_vitamin_c_mg = vitamina C
target_b12_ug = vitamina B12
target_weight_kg = peso corporal
target_height_cm = estatura
