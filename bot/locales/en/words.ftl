### Words for what our data name in English (bot/assistant/words.py).
###
### A language may also say, as English needn't: food_<lexicon id>, cuisine_<name>, meal_<name>, portion_<measure> ($count
### is how many), portion_detail_<words>, portion_count_<number, _ for the point>. What it leaves out stays in English.

## Numbers: what stands between thousands, and before decimals.

number_group = ,
number_point = .

either = { $one } or { $other }
both = { $one } and { $other }
basis_serving = serving

## What labels name, and questions do, and we have no figures for

nutrient_salt_g = salt
nutrient_zinc = zinc
nutrient_magnesium = magnesium
nutrient_phosphorus = phosphorus
nutrient_selenium = selenium
nutrient_iodine = iodine
nutrient_copper = copper
nutrient_manganese = manganese
nutrient_folate = folate
nutrient_folic_acid = folic acid
nutrient_vitamin_a = vitamin A
nutrient_vitamin_b6 = vitamin B6
nutrient_vitamin_d = vitamin D
nutrient_vitamin_e = vitamin E
nutrient_vitamin_k = vitamin K
nutrient_niacin = niacin
nutrient_thiamin = thiamin
nutrient_riboflavin = riboflavin
nutrient_cholesterol = cholesterol
nutrient_omega_3 = omega-3
nutrient_omega_6 = omega-6
nutrient_trans_fat = trans fat
nutrient_unsaturated_fat = unsaturated fat
nutrient_monounsaturated_fat = monounsaturated fat
nutrient_polyunsaturated_fat = polyunsaturated fat
nutrient_starch = starch
nutrient_lactose = lactose
nutrient_fructose = fructose
nutrient_caffeine = caffeine
nutrient_alcohol = alcohol
nutrient_creatine = creatine

## Why a food isn't permitted (retrieval/diet/reasons.py)

reason_contains = contains { $one }
reason_contains_kind = contains { $one } → { $other }
reason_together = contains { $one } and { $other } together
reason_label_says = contains { $one }, which is { $other } only if its label says so
reason_label_says_kind = contains { $one } → { $other }, which is { $third } only if its label says so
reason_may_contain = { $one } may contain { $other }
reason_may_be = { $one } may be { $other }
reason_above = { $amount } of { $what } per 100 g, above { $limit }
reason_ingredients_unknown = its ingredients aren't known
reason_unknown_whether = whether it contains { $one } isn't known
reason_figure_unknown = its { $one } isn't known
reason_names = names { $one }
