### What the bot says on its own: to administrators.

command_stats = Cómo se usa el bot y cómo le va
command_export = Los turnos consentidos en un archivo
command_knowledge = Añadir a lo que sé de alimentos, o ver la lista
command_adapter = Elegir qué modelo o adaptador responde
stats =
    Personas: { $people }; { $today } hoy, { $week } en los últimos siete días
    Turnos: { $turns }; { $turnsToday } hoy, { $failed } fallidos en los últimos siete días
    Veredictos, siete días: { $verdicts }
    Latencia, últimas mil respuestas: { $latency }
    Tokens hoy: { $promptToday } leídos ({ $cachedToday } de la caché), { $completionToday } escritos
    Tokens en total: { $prompt } leídos ({ $cached } de la caché), { $completion } escritos
    Opiniones: 👍 { $up } 👎 { $down }
    Modelo: { $model }
    Conocimiento: { $knowledge }
stats_none = ninguno todavía
stats_latency = { $p50 } ms p50, { $p95 } ms p95
stats_verdict = { $name } { $number }
stats_model = { $name } en { $url }
stats_adapter = { $name }, un adaptador sobre { $base }, en { $url }
stats_knowledge = versión { $version }, { $passages } pasajes
export_done = { $turns } turnos de { $people } personas, { $rated } de ellos valorados. sha256 { $sha256 }
export_large = { $turns } turnos de { $people } personas, { $rated } de ellos valorados: { $size } MB, demasiado para Telegram. Está en { $path }, sha256 { $sha256 }
export_begun = Estoy preparando los datos.
export_progress = { $step ->
    [reading] Leídos y sin datos personales: { $done } turnos
    [comparing] Buscando copias entre ellos
   *[writing] Escritos: { $done } turnos
}
export_busy = Ya se está preparando uno. Espera a que termine.
export_empty = Nadie ha aceptado todavía que se usen sus conversaciones, así que no hay nada que exportar.
export_failed = No se pudo escribir el archivo: { $reason }. No ha quedado nada a medias.
adapter_usage = Se usa así: /adapter list, /adapter promote NOMBRE, /adapter rollback
adapter_list_line = { $state ->
    [answers] - **{ $name }** responde ahora
    [served] - { $name }
   *[loadable] - { $name }, en la carpeta de adaptadores; al promoverlo se carga
    }
adapter_promoted = { $name } responde desde ahora. /adapter rollback vuelve atrás.
adapter_rolled_back = De vuelta a { $name }.
adapter_unknown = No hay ningún modelo ni adaptador «{ $name }». /adapter list muestra los que hay.
adapter_no_previous = Antes no se había promovido nada, así que no hay a qué volver.
knowledge_usage = Envíame un archivo con el texto /knowledge add, o responde a uno con /knowledge add. Leo tablas del USDA, exportaciones de Open Food Facts, recetas y documentos, hasta { $limit } MB. /knowledge list muestra lo que hay.
knowledge_too_large = Ese archivo tiene { $size } MB, y los bots solo pueden recibir { $limit } MB. En el servidor se puede añadir con: platewise knowledge add RUTA
knowledge_receiving = Leyendo { $name } …
knowledge_progress = Leyendo { $name }: { $percent } %, { $records } registros
knowledge_added = { $name }: { $added } añadidos, { $changed } cambiados, { $removed } quitados, { $unchanged } sin cambios, { $left } omitidos; { $outcome }.
knowledge_version = versión { $version } con { $passages } pasajes
knowledge_unchanged = no ha cambiado nada
knowledge_fault = - { $where }: { $why }
knowledge_refused = { $name } no se ha añadido: { $reason }
knowledge_listed = Versión { $version }, { $passages } pasajes:
knowledge_origin = - { $count } × { $kind }: { $name }, { $release } ({ $licence })
knowledge_origins_more = - y { $count } fuentes más
