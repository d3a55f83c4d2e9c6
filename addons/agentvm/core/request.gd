@tool
extends RefCounted
## One call on its way: what it asks, and its answer once it is there.
##
## Each waiting function awaits its own request, so that answers never meet the wrong caller.

## The call is over, well or badly. Emitted once.
signal finished
## Whoever waited for [signal finished] has gone on. Emitted once, after it.
signal settled

## Tells requests of one manager apart.
var id: int = 0
## The name of the call in the wire contract.
var route: String = ""
## The parameters of the path.
var params: Dictionary = {}
## The query.
var query: Dictionary = {}
## The body as JSON text; empty when there is none.
var body: String = ""
## The same for each try of a POST, so that the server does its work once.
var idempotency_key: String = ""
## Milliseconds for all tries together.
var timeout_ms: int = 30_000
## Ids that the call is about: events of theirs wait until it has returned.
var subjects: PackedStringArray = []
## Whether the call makes something whose id is not known yet.
var creates: bool = false
## Whether every event waits for this call.
var holds_all: bool = false
## Whether the call is over.
var is_done: bool = false
## The answer; null when the call failed.
var value: Variant = null
## Where the next page of a list begins; empty on the last one.
var next_cursor: String = ""
## Why the call failed; null when it did not.
var error: AgentVMError = null


## Ends the call with its answer. Later endings are ignored.
func succeed(answer: Variant) -> void:
	if is_done:
		return
	is_done = true
	value = answer
	finished.emit()
	settled.emit()


## Ends the call with an error. Later endings are ignored.
func fail(reason: AgentVMError) -> void:
	if is_done:
		return
	is_done = true
	error = reason
	finished.emit()
	settled.emit()


## The answer as an object; empty when the call failed or answered otherwise.
func fields() -> Dictionary:
	if value is Dictionary:
		return value
	return {}


## The answer as a list of objects; empty when the call failed or answered otherwise.
func items() -> Array[Dictionary]:
	var found: Array[Dictionary] = []
	if value is Array:
		for item: Variant in value:
			if item is Dictionary:
				found.append(item)
	return found
