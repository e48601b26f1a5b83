### What the bot says on its own: the card of /prefs, and what is known in words.

## The card

card_title = What I know about what you eat
card_empty_hint = Use the buttons, or just tell me in a message.
card_line = { $name }: { $origin }
card_more = … and { $count } more
card_diets = Diets
card_allergies = Allergies
card_likes = Likes
card_dislikes = Dislikes
card_targets = Targets
card_settings = Units and language
card_units = Weight and height in { $name } units
card_language = Language: { $name }
card_exceptions = Fine in spite of an allergy
card_none = Nothing yet.
card_diets_hint = Tap a diet to turn it on or off.
card_allergies_hint = Tap to add one. Dropping one asks first. For any other food: /prefs add allergy strawberries
card_likes_hint = To add one: /prefs add like lentils
card_dislikes_hint = To add one: /prefs add dislike coriander
card_targets_hint = Tap a target to change it.
card_targets_choose = What would you like to aim for?
card_target_draft = { $name }: { $amount }? It counts once you save it.
card_settings_hint = Tap to choose.
card_confirm_allergy = Really drop the allergy to { $name } ({ $origin })? I will then recommend it again.
card_closed = Closed. /prefs shows it again.
card_on = Noted: { $name }.
card_off = Removed: { $name }.
card_gone = That isn't there any more.
card_changed = That has changed since. This is what holds now.
card_export = Everything I know about what you eat, and where it came from.
card_file = platewise-preferences.json

card_button_on = ✅ { $name }
card_button_remove = ✕ { $name }
card_button_section = { $title } ({ $count })
card_button_clear = Clear everything
card_button_export = Export
card_button_back = ‹ Back
card_button_close = Close
card_button_add_target = + Add a target
card_button_save = Save { $amount }
card_button_remove_target = Remove
card_button_page = { $page } / { $pages }
units_metric = metric
units_imperial = imperial

## Where it came from. `date_locale` is the locale in which dates are written.

date_locale = en_GB
origin_message = from your message of { $date }
origin_command = /prefs, { $date }
origin_button = a button, { $date }
origin_form = from our first chat, { $date }
origin_other = { $date }

## Changes in words

change_allergy = allergy to { $name }
change_exception = { $name } may be eaten
change_diet = { $name }
change_like = likes { $name }
change_dislike = dislikes { $name }
change_target = { $name } { $amount }
target_line = { $name } { $amount }
amount = { $amount } { $unit }
amount_a_day = { $amount } { $unit } a day

## Names of diets, allergens and targets

diet_vegan = vegan
diet_vegetarian = vegetarian
diet_pescatarian = pescatarian
diet_halal = halal
diet_kosher = kosher
diet_gluten_free = gluten free
diet_dairy_free = dairy free
diet_low_carb = low carb
diet_low_sodium = low sodium
diet_low_fodmap = low fodmap
diet_diabetic = diabetic
allergen_celery = celery
allergen_gluten = gluten
allergen_crustaceans = crustaceans
allergen_eggs = eggs
allergen_fish = fish
allergen_lupin = lupin
allergen_milk = milk
allergen_molluscs = molluscs
allergen_mustard = mustard
allergen_peanuts = peanuts
allergen_sesame = sesame
allergen_soybeans = soybeans
allergen_sulphites = sulphites
allergen_tree_nuts = tree nuts
target_energy_kcal = energy
target_protein_g = protein
target_fat_g = fat
target_carbohydrate_g = carbohydrate
target_fibre_g = fibre
target_sugar_g = sugar
target_saturated_fat_g = saturated fat
target_sodium_mg = sodium
target_calcium_mg = calcium
target_iron_mg = iron
target_potassium_mg = potassium
target_vitamin_c_mg = vitamin C
target_b12_ug = vitamin B12
target_weight_kg = body weight
target_height_cm = height
