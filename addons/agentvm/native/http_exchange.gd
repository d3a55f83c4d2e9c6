@tool
extends RefCounted
## One HTTP request and its answer.

## The answer is there, or will not come. Emitted once.
signal finished

const Failures = preload("../core/failures.gd")

## Why there is no answer: [code]""[/code] when there is one, [code]refused[/code] (nothing was sent),
## [code]broken[/code] (it was), [code]no_tls[/code], [code]timeout[/code], [code]too_large[/code] or [code]aborted[/code].
var failure: String = ""
## The HTTP method.
var method: String = "GET"
## Path and query.
var target: String = "/"
## Lines of the request's head.
var headers: PackedStringArray = []
## The request's body.
var body: String = ""
## When the answer must be there, in milliseconds of the engine's ticks.
var deadline: int = 0
## For an answer that goes on for a while: milliseconds of quiet after which what came is the answer; 0
## waits for its end.
var quiet_ms: int = 0
## Bytes of an answer at the most.
var answer_max: int = 16_777_216
## Whether anything left this machine.
var was_sent: bool = false
## Whether it was on a connection that had been used before and broke before an answer began.
var is_stale: bool = false
## The HTTP status.
var status: int = 0
## The answer's headers, their names in lower case.
var answer_headers: Dictionary[String, String] = {}
## The answer's body.
var answer: PackedByteArray = []
## Whether it is over.
var is_done: bool = false


## Ends it. Later endings are ignored.
func finish(why: String) -> void:
	if is_done:
		return
	is_done = true
	failure = why
	finished.emit()


## The answer's body as text.
func text() -> String:
	return answer.get_string_from_utf8()


## Why there is no answer, as an error.
func error(timeout_ms: int) -> AgentVMError:
	match failure:
		"timeout":
			return Failures.timed_out(timeout_ms / 1000.0, was_sent)
		"too_large":
			return Failures.unreadable("its answer has more than %d bytes" % answer_max)
		"aborted":
			return Failures.cancelled("The connection was closed.")
		"no_tls":
			return Failures.without_tls()
		"broken":
			return Failures.unreachable("the connection broke before the answer", was_sent)
	return Failures.unreachable("nobody listens there", was_sent)
