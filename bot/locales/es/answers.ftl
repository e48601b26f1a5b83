### Lo que dice el bot por su cuenta: las respuestas y lo que va delante de ellas.

nothing_found = No tengo nada sobre eso que encaje con tus preferencias, así que prefiero no adivinar. Prueba a nombrar un alimento, una receta o un nutriente.
figure = **{ $title }**: { $figure } por { $basis }
figure_named = { $name } { $amount }
figure_in = { $amount } en { $quantity }
figure_unknown = No tengo ningún dato de { $nutrient } de { $title }.
options_intro = Esto encaja con lo que sé de ti:
option = **{ $title }**: { $figures } por { $basis }
figure_asked = **{ $title }**: { $figure } en { $quantity }{ $weight }, calculado a partir de { $base } por { $basis }
figure_weight = {" "}({ $grams } g)
figures_basis = **{ $title }**, por { $basis }: { $figures }
card_near = No tengo datos de eso exactamente. Esto se le parece:
compare_most = Más { $nutrient }: **{ $title }**, { $difference } más que { $other }, por 100 g
compare_least = Menos { $nutrient }: **{ $title }**, { $difference } menos que { $other }, por 100 g
compare_same = Los dos tienen { $amount } de { $nutrient } por 100 g
compare_food = - **{ $title }**: { $figure } por 100 g
compare_two = Por 100 g, **{ $one }** [1] frente a **{ $other }** [2]:
compare_several = Por 100 g, en este orden: { $titles }:
compare_line = - { $nutrient }: { $amounts }
compare_against = { $one } frente a { $other }
compare_more = , { $difference } más
compare_less = , { $difference } menos
compare_near = , más o menos lo mismo
compare_unknown = sin datos
compare_missing = No tengo datos de { $names }.
compare_one = Solo he encontrado datos de este, así que no hay con qué compararlo. Nombra también el otro alimento.
options_nutrient = Esto encaja con lo que sé de ti, con su contenido de { $nutrient }:
options_plain = Quizá sea esto lo que buscas:
option_recipe = **{ $title }** ({ $about }): { $figures } por { $basis }
option_liked = con { $names }, que te gusta
recipe_near = No tengo ninguna receta exactamente de eso que te vaya bien. Esta se le parece:
recipe_head = **{ $title }** ({ $about })
recipe_about = { $meal } de cocina { $cuisine }, { $servings ->
    [one] 1 ración
   *[other] { $servings } raciones
}, { $minutes ->
    [one] 1 minuto
   *[other] { $minutes } minutos
}
recipe_figures = Por ración: { $figures }.
recipe_ingredients = Ingredientes (en inglés, como en la receta):
recipe_steps = Pasos:
advice = **{ $title }**
advice_avoid = Evita { $names }; busca estas palabras en las etiquetas.
nothing_found_for = No he encontrado nada sobre eso que te pueda recomendar, así que prefiero no adivinar. Pídeme otra cosa en su lugar, por ejemplo «¿Qué puedo cenar?», o nombra un alimento, una receta o un nutriente.
composed_mark = _(Compuesto a partir de la base de conocimientos, sin el modelo de lenguaje. Los nombres y los textos de las fuentes están en inglés.)_
left_out = He dejado fuera { $names }: { $reason }.
noted = Anotado: { $changes }.
no_longer = ya no: { $changes }
noted_for_other = Para esta pregunta he tenido en cuenta: { $changes }. No he añadido nada a tus propias preferencias.
confirm_removal = ¿Quieres quitar la alergia a { $names }? Escribe /prefs quitar alergia { $first } y te pediré que lo confirmes.
unresolved = No reconozco «{ $word }» como alimento. ¿Querías decir { $suggestions }? Hasta entonces, comprueba tú en las etiquetas que no lo lleven.
unresolved_unknown = No reconozco «{ $word }» como alimento, así que no puedo dejarlo fuera de mis respuestas. Dímelo con otra palabra, por favor.
small_talk = ¡Hola! Pregúntame por un alimento, una receta o algo que encaje en tu día. Cuéntame qué no puedes o no quieres comer y lo tendré en cuenta.
stated = Pregúntame lo que quieras; lo tendré en cuenta.
open_preferences = No puedo quitar restricciones a partir de un mensaje, para que nunca se pierdan por accidente. Con /prefs puedes verlas y cambiarlas.
preferences_empty = Todavía no sé nada de lo que comes. Cuéntamelo o usa /prefs añadir.
preferences_intro = Esto es lo que sé:
known_allergies = Alergias: { $names }.
known_allergies_but = Alergias: { $names } (pero puedes comer { $fine }).
known_diets = Dietas: { $names }.
known_likes = Te gusta: { $names }.
known_dislikes = No te gusta: { $names }.
known_targets = Objetivos: { $names }.
empty_question = Escribe unas palabras, por favor, como «¿Cuánta proteína tienen las lentejas cocidas?»
too_long = Es demasiado largo para mí: { $length } caracteres; { $limit } como máximo. Pregúntame lo principal, por favor.
