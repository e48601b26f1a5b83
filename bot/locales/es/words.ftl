### Palabras para lo que nuestros datos nombran en inglés (bot/assistant/words.py).

## Números: lo que separa los millares (un espacio fino) y los decimales.

number_group = { "\u202F" }
number_point = ,

either = { $one } o { $other }
both = { $one } y { $other }
basis_serving = ración

## Lo que nombran las etiquetas y las preguntas, y de lo que no tenemos cifras

nutrient_salt_g = sal
nutrient_zinc = zinc
nutrient_magnesium = magnesio
nutrient_phosphorus = fósforo
nutrient_selenium = selenio
nutrient_iodine = yodo
nutrient_copper = cobre
nutrient_manganese = manganeso
nutrient_folate = folato
nutrient_folic_acid = ácido fólico
nutrient_vitamin_a = vitamina A
nutrient_vitamin_b6 = vitamina B6
nutrient_vitamin_d = vitamina D
nutrient_vitamin_e = vitamina E
nutrient_vitamin_k = vitamina K
nutrient_niacin = niacina
nutrient_thiamin = tiamina
nutrient_riboflavin = riboflavina
nutrient_cholesterol = colesterol
nutrient_omega_3 = omega-3
nutrient_omega_6 = omega-6
nutrient_trans_fat = grasas trans
nutrient_unsaturated_fat = grasas insaturadas
nutrient_monounsaturated_fat = grasas monoinsaturadas
nutrient_polyunsaturated_fat = grasas poliinsaturadas
nutrient_starch = almidón
nutrient_lactose = lactosa
nutrient_fructose = fructosa
nutrient_caffeine = cafeína
nutrient_alcohol = alcohol
nutrient_creatine = creatina

## Por qué un alimento no se puede recomendar (retrieval/diet/reasons.py)

reason_contains = contiene { $one }
reason_contains_kind = contiene { $one } → { $other }
reason_together = junta { $one } y { $other }
reason_label_says = contiene { $one }; la dieta ({ $other }) solo lo admite si lo dice la etiqueta
reason_label_says_kind = contiene { $one } → { $other }; la dieta ({ $third }) solo lo admite si lo dice la etiqueta
reason_may_contain = { $one }: puede contener { $other }
reason_may_be = { $one }: puede ser { $other }
reason_above = { $amount } de { $what } por 100 g, más de { $limit }
reason_ingredients_unknown = no se conocen sus ingredientes
reason_unknown_whether = no se sabe si contiene { $one }
reason_figure_unknown = no se conoce su contenido de { $one }
reason_names = nombra { $one }

## Recetas: comidas y cocinas

meal_breakfast = desayuno
meal_lunch = almuerzo
meal_dinner = cena
meal_snack = tentempié
meal_dessert = postre
meal_side = guarnición
meal_drink = bebida
cuisine_african = africana
cuisine_american = estadounidense
cuisine_argentinian = argentina
cuisine_australian = australiana
cuisine_brazilian = brasileña
cuisine_british = británica
cuisine_caribbean = caribeña
cuisine_chinese = china
cuisine_cuban = cubana
cuisine_dutch = neerlandesa
cuisine_eastern_european = de Europa del Este
cuisine_egyptian = egipcia
cuisine_ethiopian = etíope
cuisine_filipino = filipina
cuisine_french = francesa
cuisine_german = alemana
cuisine_greek = griega
cuisine_hungarian = húngara
cuisine_indian = india
cuisine_indonesian = indonesia
cuisine_international = internacional
cuisine_iranian = iraní
cuisine_irish = irlandesa
cuisine_italian = italiana
cuisine_jamaican = jamaicana
cuisine_japanese = japonesa
cuisine_kenyan = keniana
cuisine_korean = coreana
cuisine_lebanese = libanesa
cuisine_mediterranean = mediterránea
cuisine_mexican = mexicana
cuisine_middle_eastern = de Oriente Medio
cuisine_moroccan = marroquí
cuisine_peruvian = peruana
cuisine_polish = polaca
cuisine_portuguese = portuguesa
cuisine_russian = rusa
cuisine_scandinavian = escandinava
cuisine_scottish = escocesa
cuisine_south_african = sudafricana
cuisine_spanish = española
cuisine_sri_lankan = de Sri Lanka
cuisine_swedish = sueca
cuisine_syrian = siria
cuisine_tex_mex = tex-mex
cuisine_thai = tailandesa
cuisine_tunisian = tunecina
cuisine_turkish = turca
cuisine_ukrainian = ucraniana
cuisine_vietnamese = vietnamita
cuisine_west_african = de África Occidental

## Porciones domésticas: cuántas, cuáles y cómo

portion_count_0_5 = media
portion_count_0_25 = un cuarto de
portion_cup = { $count ->
    [one] taza
   *[other] tazas
}
portion_oz = oz
portion_fl_oz = { $count ->
    [one] oz líquida
   *[other] oz líquidas
}
portion_tbsp = { $count ->
    [one] cucharada
   *[other] cucharadas
}
portion_tablespoon = { $count ->
    [one] cucharada
   *[other] cucharadas
}
portion_tsp = { $count ->
    [one] cucharadita
   *[other] cucharaditas
}
portion_teaspoon = { $count ->
    [one] cucharadita
   *[other] cucharaditas
}
portion_slice = { $count ->
    [one] rebanada
   *[other] rebanadas
}
portion_slices = { $count ->
    [one] rebanada
   *[other] rebanadas
}
portion_piece = { $count ->
    [one] trozo
   *[other] trozos
}
portion_pieces = { $count ->
    [one] trozo
   *[other] trozos
}
portion_serving = { $count ->
    [one] ración
   *[other] raciones
}
portion_fillet = { $count ->
    [one] filete
   *[other] filetes
}
portion_can = { $count ->
    [one] lata
   *[other] latas
}
portion_tin = { $count ->
    [one] lata
   *[other] latas
}
portion_pot = { $count ->
    [one] tarrina
   *[other] tarrinas
}
portion_bar = { $count ->
    [one] barrita
   *[other] barritas
}
portion_glass = { $count ->
    [one] vaso
   *[other] vasos
}
portion_fruit = { $count ->
    [one] pieza
   *[other] piezas
}
portion_biscuit = { $count ->
    [one] galleta
   *[other] galletas
}
portion_biscuits = { $count ->
    [one] galleta
   *[other] galletas
}
portion_packet = { $count ->
    [one] paquete
   *[other] paquetes
}
portion_container = { $count ->
    [one] envase
   *[other] envases
}
portion_burger = { $count ->
    [one] hamburguesa
   *[other] hamburguesas
}
portion_tortilla = { $count ->
    [one] tortilla
   *[other] tortillas
}
portion_clove = { $count ->
    [one] diente
   *[other] dientes
}
portion_egg = { $count ->
    [one] huevo
   *[other] huevos
}
portion_steak = { $count ->
    [one] filete
   *[other] filetes
}
portion_wing = { $count ->
    [one] ala
   *[other] alas
}
portion_potato = { $count ->
    [one] patata
   *[other] patatas
}
portion_pepper = { $count ->
    [one] pimiento
   *[other] pimientos
}
portion_mushroom = { $count ->
    [one] champiñón
   *[other] champiñones
}
portion_leek = { $count ->
    [one] puerro
   *[other] puerros
}
portion_orange = { $count ->
    [one] naranja
   *[other] naranjas
}
portion_carrot = { $count ->
    [one] zanahoria
   *[other] zanahorias
}
portion_avocado = { $count ->
    [one] aguacate
   *[other] aguacates
}
portion_olive = { $count ->
    [one] aceituna
   *[other] aceitunas
}
portion_cucumber = { $count ->
    [one] pepino
   *[other] pepinos
}
portion_fig = { $count ->
    [one] higo
   *[other] higos
}
portion_prune = { $count ->
    [one] ciruela pasa
   *[other] ciruelas pasas
}
portion_apricot = { $count ->
    [one] albaricoque
   *[other] albaricoques
}
portion_bag = { $count ->
    [one] bolsa
   *[other] bolsas
}
portion_stick = { $count ->
    [one] palito
   *[other] palitos
}
portion_strip = { $count ->
    [one] tira
   *[other] tiras
}
portion_rasher = { $count ->
    [one] loncha
   *[other] lonchas
}
portion_medium = de tamaño mediano
portion_large = { $count ->
    [one] grande
   *[other] grandes
}
portion_small = de tamaño pequeño
portion_pancake = { $count ->
    [one] tortita
   *[other] tortitas
}
portion_muffin = { $count ->
    [one] magdalena
   *[other] magdalenas
}
portion_doughnut = { $count ->
    [one] dónut
   *[other] dónuts
}
portion_sausage = { $count ->
    [one] salchicha
   *[other] salchichas
}
portion_sardine = { $count ->
    [one] sardina
   *[other] sardinas
}
portion_detail_chopped = en trozos
portion_detail_sliced = en rodajas
portion_detail_slices = en rodajas
portion_detail_cubes = en dados
portion_detail_diced = en dados
portion_detail_shredded = en tiras finas
portion_detail_drained = escurrido
portion_detail_frozen = congelado
portion_detail_halves = en mitades
portion_detail_pieces = en trozos
portion_detail_chunks = en trozos
portion_detail_crumbled = desmenuzado
portion_detail_packed = bien lleno
portion_detail_ground = molido
portion_detail_strips = en tiras
portion_detail_mashed = en puré
portion_detail_grated = rallado
portion_detail_melted = fundido

## Palabras de las preguntas, para buscar en nuestras fuentes, que están en inglés (bot/assistant/in_english.py)

search_words =
    protein: proteína, proteínas, proteina, proteinas, proteico, proteica
    calories: caloría, calorías, caloria, calorias, calórico, kilocalorías
    energy: energía
    fat: grasa, grasas
    saturated fat: grasas saturadas, grasa saturada
    carbohydrate: hidratos de carbono, hidratos, carbohidrato, carbohidratos
    fibre: fibra
    sugar: azúcar, azúcares
    salt: sal
    sodium: sodio
    calcium: calcio
    iron: hierro
    potassium: potasio
    vitamin C: vitamina c
    vitamin B12: vitamina b12
    vitamin D: vitamina d
    vitamin A: vitamina a
    vitamin K: vitamina k
    zinc: zinc, cinc
    magnesium: magnesio
    omega-3: omega 3
    cooked: cocido, cocida, cocidos, cocidas, cocinado, cocinada, cocinados, cocinadas, hervido, hervida, hervidos, hervidas
    raw: crudo, cruda, crudos, crudas
    roasted: asado, asada, asados, asadas, tostado, tostada, tostados, tostadas
    fried: frito, frita, fritos, fritas
    grilled: a la plancha
    steamed: al vapor
    tinned: en lata, de lata, en conserva
    dried: seco, seca, secos, secas
    frozen: congelado, congelada, congelados, congeladas
    fresh: fresco, fresca, frescos, frescas
    smoked: ahumado, ahumada
    wholemeal: integral, integrales
    brown rice: arroz integral
    recipe: receta, recetas
    recipe with: receta con, recetas con
    breakfast: desayuno, desayunos
    have for breakfast: desayunar, desayune
    lunch: almuerzo, comida, mediodía
    have for lunch: almorzar, almuerzo hoy
    dinner: cena, cenas
    have for dinner: cenar
    what can I have for dinner: qué ceno, qué cenamos
    what can I have for breakfast: qué desayuno, qué desayunamos
    what can I have for lunch: qué como, qué almuerzo
    what can I: qué puedo, qué podría
    can I: puedo, podría
    eat: comer, tomar
    suggest: sugiere, sugiéreme, recomienda, recomiéndame
    suggest something: dame algo, algo, dame ideas
    give me: dame, ponme
    plan: plan, planifica, menú
    week: semana
    snack: tentempié, tentempie, merienda, merendar, picar, picoteo, colación
    dessert: postre, postres
    drink: bebida, bebidas, beber
    soup: sopa, sopas
    salad: ensalada, ensaladas
    sandwich: bocadillo, bocata
    stew: guiso, estofado, potaje
    quick: rápido, rápida, rápidos, rápidas
    easy: fácil, fáciles, sencillo, sencilla
    cheap: barato, barata, económico
    light: ligero, ligera
    vegan: vegano, vegana, veganos, veganas
    vegetarian: vegetariano, vegetariana, vegetarianos, vegetarianas
    how much: cuánto, cuánta, cuántos, cuántas, cuanto, cuanta, cuantas
    what: qué
    which has more: qué tiene más
    which has less: qué tiene menos
    more: más
    less: menos
    a lot of: mucho, mucha, muchos, muchas
    high in: rico en, rica en, ricos en, alto en
    low in: bajo en, baja en, pobre en
    than: que
    compare: compara, comparar, comparación
    against: frente a, contra
    instead of: en vez de, en lugar de
    and: y
    or: o, u
    with: con
    without: sin
    in: en, tiene, tienen, hay en
    cup: taza
    cups: tazas
    tablespoon: cucharada
    tablespoons: cucharadas
    teaspoon: cucharadita
    teaspoons: cucharaditas
    slice: rebanada
    serving: ración, porción
    grams: gramos, gramo
    allergic to: alérgico a, alérgica a, alergia a
    I am: soy
    healthy: sano, sana, saludable, saludables
    replace: sustituir, reemplazar, cambiar
    substitute for: sustituto de, sustituto del
    label: etiqueta, etiquetas
    labels: leer etiquetas
    children: niños, niño, niñas
