### What the bot says on its own: /mydata and /forget.

command_mydata = Everything I hold about you, as a file
command_forget = Erase everything I hold about you
mydata_caption = Everything I hold about you. /forget erases it.
mydata_nothing = I hold nothing about you.
forget_question =
    Shall I erase everything I hold about you? That is what I know about what you eat, your allergies included, our conversations, your ratings and your choices about privacy. What was set aside of it to improve the model goes, too.

    It can't be undone. /mydata sends you a copy first.
button_forget_yes = Yes, erase everything
button_forget_no = No, keep it
forget_kept = Nothing was erased.
forgotten =
    Everything is erased. I don't know you any more, nor what you can't eat: if you write to me again, please tell me about your allergies first.

    What stands in this chat is kept by Telegram; you can delete the chat there.
