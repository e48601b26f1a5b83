### What the bot says on its own: terminal.

chat_prompt = you>{" "}
chat_intro = Ask about food. /prefs shows what I know about you, /new starts over, /help says more, Ctrl-D leaves.
chat_help =
    Ask in your own words, or use:
    /prefs: what I know about you; /prefs add|remove|set|clear|export …
    /new: start over; your preferences stay
    /why: why the last answer is as it is
    /chart lentils, tofu: foods side by side
    /forget: erase everything about you
    /language: change the language
    /help, /quit
    Tab completes commands and their words; Ctrl-C stops an answer, Ctrl-D leaves.
chat_waiting = writing; Ctrl-C stops
chat_stopped = Stopped.
chat_forget_question = Really erase everything that I know about you, our conversations and what you typed here?
chat_forgotten = Everything about you is erased. Goodbye!
chat_confirm = { $question } Type yes to do it:{" "}
chat_yes = yes, y
table_basis = per { $basis }
command_quit = Leave
