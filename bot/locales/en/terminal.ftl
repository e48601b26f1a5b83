### What the bot says on its own: terminal.

chat_prompt = you>{" "}
chat_intro = Ask about food, in your own words. /help says more, Ctrl-D leaves.
chat_help =
    Ask in your own words, or use:
    /prefs: what I know about you; /prefs add|remove|set|clear|export …
    /start: my questions about what you eat
    /new: start over; your preferences stay
    /undo: take back what I noted from your last message
    /why: why the last answer is as it is; /sources: what it was made from
    /again: another answer to the same question
    /good, /bad: what you think of the last answer (👍 and 👎 work, too)
    /chart lentils, tofu: foods side by side
    /language: change the language
    /privacy: what may be done with our conversations
    /mydata: everything that I hold about you, as a file
    /forget: erase it
    /help, /quit
    Tab completes commands and their words; Ctrl-C stops an answer, Ctrl-D leaves.
chat_leave = Ctrl-D or /quit leaves.
chat_waiting = writing; Ctrl-C stops
chat_stopped = Stopped.
chat_stop_how = Nothing is being written. While I write, Ctrl-C stops me.
chat_undo = /undo takes back what I noted.
chat_no_answer = There is no answer yet: ask me something first.
chat_reason = Number or words; Enter leaves it open:
chat_forget_question = Really erase everything?
chat_forgotten = Everything about you is erased, what you typed here too. Files that /mydata wrote are yours. Goodbye!
chat_forgotten_elsewhere = Everything about you was erased meanwhile, so I don't know you any more. Goodbye!
chat_confirm = { $question } Type yes to do it:
chat_yes = yes, y
chat_mydata = Everything that I hold about you is in { $path }. Only you can read it. /forget erases what I hold.
chat_not_written = I can't write { $path }: { $reason }. Start me in another folder.
chat_privacy_how = To change it: { $choices }
chat_word_service = keep, service
chat_word_improvement = improve, improvement
chat_form_consent = Type yes or no; skip leaves it open, skip all leaves all questions.
chat_form_none = Type it in your own words, or none; skip leaves it open, skip all leaves all questions.
chat_form_done = Type more, or done to go on; skip all leaves all questions.
chat_ask_diets = Do you follow a diet? You can tell me several things at once: “vegan, allergic to nuts, 1800 kcal”.
chat_ask_allergies = Are you allergic to anything? Write any food: I never recommend what you're allergic to.
chat_ask_dislikes = Is there anything that you don't like to eat?
chat_ask_aims = Do you aim for anything, such as calories or protein a day? For example: “1800 kcal, 90 g protein”.
table_basis = per { $basis }
command_quit = Leave
command_sources = What the last answer was made from
command_again = Another answer to the same question
command_good = The last answer was good
command_bad = The last answer was no good
command_undo = Take back what was noted from the last message
