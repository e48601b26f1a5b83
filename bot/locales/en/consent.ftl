### What the bot says on its own: what people allow their conversations to be used for, and /privacy.

## The questions. When what they say changes, change `WORDING` in bot/assistant/consented.py, too.

consent_ask_service = May I keep our conversations to serve you, so that I know what “and with chicken?” goes on from? If you say no, I still answer, and forget what was said as soon as you have the answer. Until you say so, I keep them. What you tell me about what you eat is kept apart: see /prefs.
consent_ask_improvement = May our conversations also be used to improve the model that answers, under a random name instead of yours? Until you say yes, they aren't.
consent_later = You can change both at any time with /privacy.
consent_button_yes = Yes
consent_button_no = No

## /privacy

privacy_title = What may be done with our conversations
privacy_service = Keep them to serve you
privacy_improvement = Use them to improve the model
privacy_line = { $title }: { $state }
privacy_yes = yes, since { $date }
privacy_no = no, since { $date }
privacy_unsaid_service = not said yet, so I keep them
privacy_unsaid_improvement = not said yet, so they aren't used
privacy_nothing_to_use = As I don't keep our conversations, there is nothing to improve the model with.
privacy_more = What I know about what you eat is kept apart: see /prefs. /mydata sends you everything that I hold about you, /forget erases it.
privacy_button_service_yes = Keep our conversations
privacy_button_service_no = Don't keep our conversations
privacy_button_improvement_yes = Let them improve the model
privacy_button_improvement_no = Don't use them for the model
privacy_done_service_yes = From now on I keep our conversations.
privacy_done_service_no = I don't keep our conversations any more. What was said so far is erased, and what you ask from now on is forgotten as soon as you have the answer; so I can't go on from it, nor explain an answer later (/why).
privacy_done_improvement_yes = From now on, our conversations may be used to improve the model. Earlier ones aren't.
privacy_done_improvement_no = Our conversations aren't used to improve the model any more: every later export leaves all of them out, earlier ones too.

command_privacy = What may be done with our conversations
