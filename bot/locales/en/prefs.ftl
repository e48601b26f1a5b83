### What the bot says on its own: /prefs.

prefs_usage =
    This is how /prefs works:
    /prefs: everything I know about what you eat, with buttons to change it
    /prefs no peanuts, vegan: in your own words
    /prefs add allergy peanuts, sesame
    /prefs add exception almonds: fine in spite of an allergy to tree nuts
    /prefs add diet vegan
    /prefs add like lentils
    /prefs add dislike coriander
    /prefs set target protein 120
    /prefs set units imperial
    /prefs set language es
    /prefs remove allergy peanuts
    /prefs clear
    /prefs export: all of it as a file
prefs_kind_missing = Please say what it is: /prefs { $action } allergy …, diet …, like …, dislike … or target …
prefs_value_missing_allergy = Which one? For example: /prefs { $action } allergy peanuts
prefs_value_missing_exception = Which one? For example: /prefs { $action } exception almonds
prefs_value_missing_diet = Which one? For example: /prefs { $action } diet vegan
prefs_value_missing_like = What? For example: /prefs { $action } like lentils
prefs_value_missing_dislike = What? For example: /prefs { $action } dislike coriander
prefs_value_missing_target = Please give a nutrient and, to set it, an amount per day: /prefs { $action } target protein 120
prefs_value_missing_units = Metric or imperial? For example: /prefs set units imperial
prefs_value_missing_language = Which one? For example: /prefs set language en
prefs_set_what = Please say what to set: /prefs set target protein 120, /prefs set units imperial, or /prefs set language es
prefs_did_you_mean = I don't know “{ $word }”. Did you mean one of these?
prefs_which_kind = What is it about “{ $word }”?
prefs_unknown = I don't know “{ $word }”. Please try another word for it.
prefs_others = I don't know “{ $word }”, so I noted nothing yet. Do the rest?
prefs_too_long = “{ $word }” is too long for me: at most { $limit } characters, please.
prefs_for_other = That is about somebody else, so I noted nothing. I only keep what you tell me about yourself.
prefs_chosen_units = Cards show your weight and height in { $name } units from now on. Answers give grams and kcal, as their sources do.
prefs_chosen_language = We speak { $name } from now on.
prefs_added = Noted: { $changes }.
prefs_removed = Removed: { $changes }.
prefs_not_there = That wasn't in your preferences: { $changes }.
prefs_confirm_remove = Really drop the allergy to { $names }? I will then recommend it again.
prefs_confirm_clear = Really clear everything I know about what you eat, allergies included?
prefs_confirm_clear_kind = Really clear everything under “{ $title }”?
prefs_cleared = Everything is cleared. I know nothing about what you eat now.
prefs_kept = Nothing was changed.
prefs_not_yours = These buttons are for the person who asked.
button_yes_remove = Yes, drop it
button_yes_clear = Yes, clear it
button_no = No, keep it
button_undo = Undo
candidate = Did I get that right: { $changes }? I'll keep to it once you say so.
button_yes_note = Yes, note it
button_no_note = No, forget it
confirm_exception = You have an allergy to that group, so I still leave out { $names }. To change it: /prefs add exception { $first }
chat_candidate = Did I get that right: { $changes }? Then type: /prefs add { $words }
undone = Undone: { $changes }.
undo_nothing = There is nothing left to undo.

## Words that /prefs takes, besides the English ones in its examples, separated by commas

prefs_action_show = show, list
prefs_action_add = add, note
prefs_action_remove = remove, delete, drop
prefs_action_set = set
prefs_action_clear = clear, reset
prefs_action_export = export, download
prefs_scope_all = all, everything
prefs_kind_allergy = allergy, allergies
prefs_kind_exception = exception, exceptions
prefs_kind_diet = diet, diets
prefs_kind_like = like, likes
prefs_kind_dislike = dislike, dislikes
prefs_kind_target = target, targets, aim, aims
prefs_kind_units = units, unit
prefs_kind_language = language
prefs_units_metric = metric
prefs_units_imperial = imperial, us
prefs_target_energy_kcal = energy, calories, calorie, kcal
prefs_target_protein_g = protein, proteins
prefs_target_fat_g = fat, fats
prefs_target_carbohydrate_g = carbohydrate, carbohydrates, carbs
prefs_target_fibre_g = fibre, fiber
prefs_target_sugar_g = sugar, sugars
prefs_target_saturated_fat_g = saturated fat, saturated fats, saturates
prefs_target_sodium_mg = sodium
prefs_target_calcium_mg = calcium
prefs_target_iron_mg = iron
prefs_target_potassium_mg = potassium
prefs_target_vitamin_c_mg = vitamin C
prefs_target_b12_ug = vitamin B12, B12
prefs_target_weight_kg = body weight, weight
prefs_target_height_cm = height
