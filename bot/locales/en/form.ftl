### What the bot says on its own: the form that a new person fills in.

form_hello_again = Hello again! This is what I know about you.
form_ask_diets = Do you follow a diet? Tap all that apply, or just write it. You can tell me several things at once: “vegan, allergic to nuts, 1800 kcal”.
form_ask_allergies = Are you allergic to anything? Tap, or write any food: I never recommend what you're allergic to.
form_ask_dislikes = Is there anything that you don't like to eat? Tap, or write any food.
form_ask_aims = Do you aim for anything, such as calories or protein a day? Tap, or write “1800 kcal, 90 g protein”.
form_back_service = Back to my question: may I keep our conversations?
form_back_improvement = Back to my question: may our conversations be used to improve the model?
form_back_diets = Back to my questions: do you follow a diet?
form_back_allergies = Back to my questions: are you allergic to anything?
form_back_dislikes = Back to my questions: is there anything that you don't like to eat?
form_back_aims = Back to my questions: do you aim for anything, such as calories or protein a day?
form_progress = { $number } of { $count }
form_known = So far: { $names }
form_noted = Noted: { $changes }.
form_keeps = I keep to what I know already: { $names }. /prefs changes it.
form_unknown = I don't know “{ $word }”. Please try another word for it.
form_unknown_close = I don't know “{ $word }”. Did you mean { $names }?
form_answered = You have answered that already. /prefs changes it.
form_over = Those questions are done. /prefs shows what I know.
form_summary = Thank you! This is what I keep to:
form_line = { $title }: { $answer }
form_none = none
form_unsaid = not said
form_yes = yes
form_no = no
form_title_service = Keep our conversations
form_title_improvement = Use them to improve the model
form_next = Change it with /prefs, and the last two with /privacy. Now ask me something, such as “What can I have for dinner?”

## Buttons

form_button_none_diets = No diet
form_button_none_allergies = No allergies
form_button_none_dislikes = Nothing
form_button_none_aims = No aims
form_button_done = Done
form_button_skip = Skip
form_button_quit = Skip all questions
form_button_more = Answer the rest

## Foods that many don't like, by their ids, for buttons

form_usual_dislikes = coriander, mushroom, olive, liver, aubergine, brussels_sprout

## Words that answer by themselves, separated by commas

form_words_yes = yes, y, yes please, yeah, yep, yup, sure, ok, okay, of course, fine, i agree, agreed, go ahead, 👍
form_words_no = no, n, nope, no thanks, no thank you, nah, never, rather not, i'd rather not, please don't, i don't agree, 👎
form_words_none = no, none, nope, nothing, nah, none of these, none of them, none at all, nothing at all, nothing special, not any, no none, neither, n/a
form_words_skip = skip, skip this, skip it, next, later, pass, not now, i'd rather not say, rather not say, don't know, i don't know
form_words_done = done, that's all, that is all, that's it, finished, ready, continue
form_words_quit = skip all, skip all questions, skip everything, skip the rest, skip the form, stop, cancel, quit, no more questions, stop asking
form_words_but = but, and i, and i'm, and i've
form_words_talk = i, i'm, i'd, i've, me, my, you, your, we, it, is, are, was, do, does, did, can, could, would, should, tell, give, show, want, need, about, what, why, how, when, where, who, which, please, thanks, hello, today
form_lead_none = no, i have no, i've no, i've got no, i don't have any, i do not have any, i haven't any, i haven't got any, don't have any, not any, zero, without, i don't follow any, i follow no, there are no
form_kind_diets = diet, diets, special diet, special diets, particular diet
form_kind_allergies = allergy, allergies, food allergies, intolerances, food intolerances, allergies at all
form_kind_dislikes = dislikes, dislike, foods i don't like
form_kind_aims = aims, aim, goals, goal, targets, target
form_none_diets = i eat everything, i eat anything, i'm an omnivore, i am an omnivore, omnivore, i don't follow a diet, i'm not on a diet
form_none_allergies = i'm not allergic to anything, i am not allergic to anything, not allergic to anything, i'm allergic to nothing, allergic to nothing
form_none_dislikes = i like everything, i eat everything, i eat anything, there's nothing i don't like, i don't dislike anything
form_none_aims = i have no aim, i don't aim for anything, i don't count, i don't count calories

## Links: what stands behind `t.me/<bot>?start=`

link_command = You came for { $command }: tap it, whenever you like.
link_unknown = I don't know what the link that you followed is for, but I'm glad you're here.
link_question = Your link asks: “{ $text }”
link_statement = Your link says something about what you eat: “{ $text }” I note only what you write yourself, so send it to me if it's true.
