### What the bot says on its own: groups, and who may use it how much.

group_in_private = Let's do that in our private chat: what you eat is nobody else's business.
group_answered_privately = That is something between you and me: I've answered you in our private chat.
group_not_aloud = That is something between you and me, so I don't answer it here.
group_told_privately = I've sent you that privately.
group_nameless = I answer people whose preferences I know, and can't tell who is asking here. Please write under your own name, or to me in private.
button_private_chat = Open our private chat
quota_messages = That was a lot at once: more than { $limit } messages in a minute. Please give me a moment, then go on.
quota_tokens = You have asked me a great deal today, and that is all I can answer until tomorrow (midnight UTC). Commands such as /prefs still work.
