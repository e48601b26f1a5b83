### What the bot says on its own: groups, and who may use it how much.

group_in_private = Mejor en nuestro chat privado: lo que comes no le importa a nadie más.
group_answered_privately = Eso queda entre tú y yo: te he respondido en nuestro chat privado.
group_not_aloud = Eso queda entre tú y yo, así que aquí no lo respondo.
group_told_privately = Te lo he enviado en privado.
group_nameless = Respondo a personas cuyas preferencias conozco, y aquí no sé quién pregunta. Escribe con tu propio nombre o háblame en privado.
button_private_chat = Abrir nuestro chat privado
quota_messages = Eso ha sido mucho de golpe: más de { $limit } mensajes en un minuto. Dame un momento y sigue después.
quota_tokens = Hoy me has preguntado muchísimo, y no puedo responder más hasta mañana (medianoche UTC). Los comandos como /prefs siguen funcionando.
