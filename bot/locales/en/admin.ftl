### What the bot says on its own: to administrators.

command_stats = How the bot is used and how it does
command_export = Consented turns as a file
command_knowledge = Add to what I know about food, or list it
command_adapter = Choose which model or adapter answers
stats =
    People: { $people }; { $today } today, { $week } in the last seven days
    Turns: { $turns }; { $turnsToday } today, { $failed } failed in the last seven days
    Verdicts, seven days: { $verdicts }
    Latency, last thousand answers: { $latency }
    Tokens today: { $promptToday } read ({ $cachedToday } from the cache), { $completionToday } written
    Tokens in all: { $prompt } read ({ $cached } from the cache), { $completion } written
    Feedback: 👍 { $up } 👎 { $down }
    Model: { $model }
    Knowledge: { $knowledge }
stats_none = none yet
stats_latency = { $p50 } ms p50, { $p95 } ms p95
stats_verdict = { $name } { $number }
stats_model = { $name } at { $url }
stats_adapter = { $name }, an adapter over { $base }, at { $url }
stats_knowledge = version { $version }, { $passages } passages
export_done = { $turns } turns of { $people } people, { $rated } of them rated. sha256 { $sha256 }
export_large = { $turns } turns of { $people } people, { $rated } of them rated: { $size } MB, too large for Telegram. It is at { $path }, sha256 { $sha256 }
export_begun = I'm making the dataset.
export_progress = { $step ->
    [reading] Read, and cleared of personal data: { $done } turns
    [comparing] Looking for copies among them
   *[writing] Written: { $done } turns
}
export_busy = One is being made already. Please wait for it.
export_empty = Nobody has agreed yet that their conversations may be used, so there is nothing to export.
export_failed = The export could not be written: { $reason }. Nothing was left behind.
adapter_usage = This is how it works: /adapter list, /adapter promote NAME, /adapter rollback
adapter_list_line = { $state ->
    [answers] - **{ $name }** answers now
    [served] - { $name }
   *[loadable] - { $name }, in the folder of adapters; promoting loads it
    }
adapter_promoted = { $name } answers from now on. /adapter rollback goes back.
adapter_rolled_back = Back to { $name }.
adapter_unknown = There is no model or adapter '{ $name }'. /adapter list shows those that there are.
adapter_no_previous = Nothing was promoted before, so there is nothing to go back to.
knowledge_usage = Send me a file with the caption /knowledge add, or reply to one with /knowledge add. I read USDA tables, Open Food Facts exports, recipes and documents, up to { $limit } MB. /knowledge list shows what there is.
knowledge_too_large = That file has { $size } MB, and bots may only fetch { $limit } MB. On the server it can be added with: platewise knowledge add PATH
knowledge_receiving = Reading { $name } …
knowledge_progress = Reading { $name }: { $percent } %, { $records } records
knowledge_added = { $name }: { $added } added, { $changed } changed, { $removed } removed, { $unchanged } unchanged, { $left } left out; { $outcome }.
knowledge_version = version { $version } with { $passages } passages
knowledge_unchanged = nothing changed
knowledge_fault = - { $where }: { $why }
knowledge_refused = { $name } was not added: { $reason }
knowledge_listed = Version { $version }, { $passages } passages:
knowledge_origin = - { $count } × { $kind }: { $name }, { $release } ({ $licence })
knowledge_origins_more = - and { $count } more sources
