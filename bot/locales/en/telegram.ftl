### What the bot says on its own: Telegram.

start =
    I am Platewise, a diet assistant. I look things up in a food knowledge base and show you my sources.
    Tell me what you can't or don't want to eat, such as “I'm vegan and allergic to peanuts”, and I will keep to it.
    Then ask: “How much protein is in cooked lentils?” I am not a doctor; /help shows more.
help =
    Ask me about food in your own words:
    “What snack has a lot of protein?”
    “Which has more iron, tofu or spinach?”
    “Give me a recipe with chickpeas.” – “And with chicken?”

    /prefs shows and changes what I know about what you eat
    /chart lentils, tofu, chicken compares foods in a picture
    /why explains my last answer, or the one that you reply to
    /new starts a new conversation; your preferences stay
    /privacy shows and changes what may be done with our conversations
    /mydata sends you everything that I hold about you
    /forget erases it
    /language changes the language
    /help shows this
new_conversation = A new conversation. I still know your preferences.
unknown_command = I don't know that command. /help lists those that I know.
only_text = I can only read text so far. Please tell me in words what you would like to know.
only_private = Please write to me in a private chat: what you eat is nobody else's business.
not_allowed = This bot is private. If you think that you should have access, ask whoever runs it; your Telegram id is { $id }.
placeholder = …
failure = Something went wrong on my side, and your message is safe. If it happens again, tell whoever runs this bot the number { $id }.
feedback_thanks = Thank you!
feedback_unknown = That answer is gone.
sources = Sources
language_question = Which language shall we speak?
language_unknown = I don't speak “{ $language }” yet. I speak: { $languages }.

# What an empty chat with the bot says (512 characters at most), and its profile (120 at most).

bot_description = I am Platewise, a diet assistant. Tell me what you can't or don't want to eat, then ask: figures, recipes, ideas for today. I look things up in a food knowledge base and show you my sources. I am not a doctor.
bot_short_description = A diet assistant that keeps to what you can't eat, and shows its sources.

command_start = Say hello
command_help = What I can do
command_prefs = What I know about what you eat
command_new = Start a new conversation
command_language = Change the language
