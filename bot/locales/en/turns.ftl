### What the bot says on its own: what can be done with an answer, edits, /why, /chart, and messages without text.

## Buttons under an answer

button_stop = Stop
chip_facts = Wrong facts
chip_question = Not what I asked
chip_diet = Not for my diet
chip_long = Too long
chip_other = Something else
feedback_why = I'm sorry. What was wrong?
feedback_reason_thanks = Thank you, that helps.
again_coming = Another answer is on its way.
nothing_else = I have nothing else about that in my knowledge base.
stop_done = Stopped.
stop_too_late = That answer is finished.
stopped_at_once = Stopped before anything was written.
stopped_note = _(You stopped me here.)_
sources_cited = What this answer cites
sources_given = What this answer was made from
sources_none = This answer needed no sources.

## Edited questions

reworded_dropped = You edited your question, so I took back what only the earlier wording said: { $changes }.
reworded_kept = I still keep to this from your earlier wording, so that no restriction is lost by accident: { $changes }. With /prefs you can drop it.

## /why

why_nothing = I can explain my answers to you: send /why after one, or in reply to one.
why_understood = What I understood
why_meant = I took your question to mean: { $question }
why_intent_lookup = You wanted a figure of a food.
why_intent_compare = You wanted foods compared.
why_intent_suggest = You wanted to know what to eat.
why_intent_recipe = You wanted a recipe.
why_intent_plan = You wanted a plan.
why_intent_question = You had a question about food.
why_intent_state = You told me about yourself, and asked nothing.
why_intent_show_preferences = You wanted to see your preferences.
why_intent_open_preferences = You wanted your restrictions gone, which only /prefs can do.
why_intent_small_talk = You were being kind.
why_intent_other = I couldn't tell what sort of question it was.
why_again = You wanted another answer, so it had to differ from the earlier ones.
why_edited = You edited the question.
why_preferences = What I kept to
why_no_preferences = Nothing: I know nothing about what you eat.
why_found = What I found
why_nothing_found = Nothing: it wasn't needed, or there was nothing that suits you.
why_passage = [{ $number }] { $title }{ $source }, relevance { $score }{ $cited ->
    [yes] , cited
   *[other] {""}
}
why_written = Who wrote it
why_by_model = The language model, from what I found.
why_by_us = Nobody: it was put together from what I found, or was ready.
why_model = Model: { $model }
why_model_adapter = Model: { $model } with the adapter { $adapter }
why_tokens = { $prompt } tokens read ({ $cached } of them remembered), { $completion } written
why_stopped = You stopped it before it was finished.
why_checked = What the check did
why_guard_passed = It passed: figures, sources and foods are as they should be.
why_guard_repaired = The first try failed the check; the second passed.
why_guard_composed = I put the answer together myself, without the model's words.
why_guard_refused = This is beyond a diet assistant, so you got a fixed answer that says whom to see.
why_fixed = Nothing had to be checked: this answer is always the same.
why_reason_away = The language model couldn't be reached in time.
why_reason_nothing = Nothing in my knowledge base was close enough to the question.
why_reason_long = The question was too long for the model to read it together with what I found.
why_reason_red_line = It touches your health in a way that needs a person who knows you.
why_reason_asked = You asked for { $name }, which I leave out: { $reason }.
why_reason_figure = A figure was in none of the sources: { $figure }
why_reason_unknown = It named something that nobody has looked at: { $name }
why_reason_citation = It cited a source that doesn't exist: { $number }
why_reason_uncited = It didn't say where it had its figures from.
why_reason_figure_missing = It didn't give the figure that you asked for: { $nutrient }
why_reason_repeats = It repeated itself.
why_reason_same = It said what you had been told already.
why_reason_instructions = It repeated its own instructions.
why_reason_empty = It said nothing.
why_reason_length = It ran into the limit of its length.
why_reason_hidden = It hid words in how they were written.
why_reason_language = You have restrictions, and only in English can I check a model's words against them, so I didn't ask it.
why_reason_unasked = It said things about you that you never said.
why_reason_somebody = It spoke of somebody whom you didn't mention.
why_reason_medicine = It spoke of changing a medicine, which only a doctor may do.
why_reason_starving = It advised to eat too little, or nothing at all.
why_reason_testing = It advised to test an allergy by eating something.
why_reason_emergency = It spoke of a severe reaction without sending you to the emergency number.
why_reason_harmless = It made an allergy out to be harmless.
why_reason_other = Other: { $reason }
why_took = How long it took
why_times = { $total } s in all: understanding { $understand }, searching { $search }, writing { $model }, checking { $guard }

## /chart

chart_usage = Which foods shall I compare? For example: /chart lentils, tofu, chicken
chart_too_many = That is { $number } foods; { $most } at most fit into one picture.
chart_title = Per portion, side by side
chart_no_figure = no figure
chart_left_out = I left out { $name }: { $reason }.
chart_left_out_shared = I left out { $name }.
chart_unknown = I have no figures for: { $names }. Perhaps under another name?

## Messages without text

not_text_voice = I can't listen to voice messages yet. Could you write it to me?
not_text_audio = I can't hear music or recordings, but I'd like to read what you want to know.
not_text_video = I can't watch videos. Tell me in words what it shows, and I'll see what I know.
not_text_photo = I can't see pictures yet. Tell me what's on the plate, and I'll look it up.
not_text_sticker = Nice one! Now, what would you like to know about food?
not_text_animation = Funny! I answer words only: what would you like to know about food?
not_text_location = Thank you, but I don't know places or restaurants. I know foods and recipes: ask away.
not_text_contact = I don't keep contacts. Ask me about a food or a recipe instead.
not_text_document = I can't read files. Copy the part that matters into a message, please.
not_text_poll = I'd vote for lentils. What would you like to know about food?
not_text_dice = Good throw! Shall I choose your dinner instead? Ask: “What can I have for dinner?”

command_why = Why the last answer is as it is
command_chart = Compare foods in a picture
