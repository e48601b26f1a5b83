### What the bot says on its own: terminal.

chat_intro = Ask about food. /prefs shows what I know about you, /new starts over, /help says more, Ctrl-D leaves.
chat_help =
    Ask in your own words, or use:
    /prefs [add|remove] [allergy|diet|like|dislike|target] …, /prefs clear
    /new, /help, /quit
chat_confirm = { $question } Type yes to do it:{" "}
