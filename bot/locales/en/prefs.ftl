### What the bot says on its own: /prefs.

prefs_usage =
    This is how /prefs works:
    /prefs: everything I know about what you eat
    /prefs add allergy peanuts
    /prefs add exception almonds: fine in spite of an allergy to tree nuts
    /prefs add diet vegan
    /prefs add like lentils
    /prefs add dislike coriander
    /prefs add target protein 120
    /prefs remove allergy peanuts
    /prefs clear
prefs_kind_missing = Please say what it is: /prefs { $action } allergy …, diet …, like …, dislike … or target …
prefs_value_missing_allergy = Which one? For example: /prefs { $action } allergy peanuts
prefs_value_missing_exception = Which one? For example: /prefs { $action } exception almonds
prefs_value_missing_diet = Which one? For example: /prefs { $action } diet vegan
prefs_value_missing_like = What? For example: /prefs { $action } like lentils
prefs_value_missing_dislike = What? For example: /prefs { $action } dislike coriander
prefs_value_missing_target = Please give a nutrient and, to set it, an amount per day: /prefs { $action } target protein 120
prefs_added = Noted: { $changes }.
prefs_removed = Removed: { $changes }.
prefs_not_there = That wasn't in your preferences: { $changes }.
prefs_confirm_remove = Really drop the allergy to { $names }? I will then recommend it again.
prefs_confirm_clear = Really clear everything I know about what you eat, allergies included?
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
