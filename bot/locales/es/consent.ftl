### Lo que dice el bot por su cuenta: para qué se pueden usar las conversaciones, y /privacy.

## Las preguntas. Si cambia lo que dicen, cambia también `WORDING` en bot/assistant/consented.py.

consent_ask_service = ¿Puedo guardar nuestras conversaciones para atenderte, y así saber a qué se refiere «¿y con pollo?»? Si dices que no, te contesto igual y olvido lo dicho en cuanto tienes la respuesta. Mientras no digas nada, las guardo. Lo que me cuentas de lo que comes se guarda aparte: mira /prefs.
consent_ask_improvement = ¿Se pueden usar también nuestras conversaciones para mejorar el modelo que contesta, con un nombre al azar en lugar del tuyo? Mientras no digas que sí, no se usan.
consent_later = Puedes cambiar las dos cosas cuando quieras con /privacy.
consent_button_yes = Sí
consent_button_no = No

## /privacy

privacy_title = Qué se puede hacer con nuestras conversaciones
privacy_service = Guardarlas para atenderte
privacy_improvement = Usarlas para mejorar el modelo
privacy_line = { $title }: { $state }
privacy_yes = sí, desde el { $date }
privacy_no = no, desde el { $date }
privacy_unsaid_service = sin contestar, así que las guardo
privacy_unsaid_improvement = sin contestar, así que no se usan
privacy_nothing_to_use = Como no guardo nuestras conversaciones, no hay nada con que mejorar el modelo.
privacy_more = Lo que sé de lo que comes se guarda aparte: mira /prefs. /mydata te envía todo lo que tengo sobre ti, /forget lo borra.
privacy_button_service_yes = Guardar nuestras conversaciones
privacy_button_service_no = No guardar nuestras conversaciones
privacy_button_improvement_yes = Que sirvan para mejorar el modelo
privacy_button_improvement_no = No usarlas para el modelo
privacy_done_service_yes = A partir de ahora guardo nuestras conversaciones.
privacy_done_service_no = Ya no guardo nuestras conversaciones. Lo dicho hasta ahora queda borrado, y lo que preguntes a partir de ahora lo olvido en cuanto tienes la respuesta; así que no puedo seguir el hilo ni explicar después una respuesta (/why).
privacy_done_improvement_yes = A partir de ahora, nuestras conversaciones pueden servir para mejorar el modelo. Las anteriores no.
privacy_done_improvement_no = Nuestras conversaciones ya no se usan para mejorar el modelo: toda exportación posterior las deja fuera, también las anteriores.

command_privacy = Qué se puede hacer con nuestras conversaciones
