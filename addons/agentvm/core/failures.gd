@tool
extends RefCounted
## The errors that the addon finds by itself, and the errors that a server's answer means.

const Wire = preload("wire.gd")

## HTTP statuses after which the same call may be made again.
const RETRYABLE: Array[int] = [429, 500, 502, 503, 504]
## Codes of other statuses for which a wait is enough.
const PASSING: Array[String] = ["not_enough_idle_agents", "storage_full"]


## The same error for another call.
static func again(error: AgentVMError) -> AgentVMError:
	var copy: AgentVMError = AgentVMError.create(
		error.code, error.message, error.remediation, error.retryable, error.http_status
	)
	copy.request_id = error.request_id
	copy.detail = error.detail
	copy.may_have_happened = error.may_have_happened
	copy.retry_after_ms = error.retry_after_ms
	return copy


## A call without a connection.
static func not_connected() -> AgentVMError:
	return AgentVMError.create(
		"not_connected",
		"The manager is not connected.",
		"Call connect_to_api() and wait for it to return true.",
	)


## The embedded backend where there is none.
static func mock_outside_web() -> AgentVMError:
	return AgentVMError.create(
		"invalid_endpoint",
		"mock:// is the backend inside a web export; outside one there is none.",
		"Run npx oligarchy-agentvm serve and use http://localhost:8000. An empty setting does both.",
	)


## A file of scripts for the embedded backend that is not there.
static func no_scripts(path: String) -> AgentVMError:
	return AgentVMError.create(
		"invalid_endpoint",
		"The endpoint names the scripts %s, and the game has no such file." % path.left(200),
		"Write it like mock://?script=res://scripts.json, and see that the export includes *.json.",
	)


## A call of a manager that no frame reaches.
static func not_in_tree() -> AgentVMError:
	return AgentVMError.create(
		"not_in_tree",
		"The manager is not in the scene tree, so nothing would move its calls on.",
		"Add it with add_child(), or use the autoload AgentVM.",
	)


## A call that was ended from here.
static func cancelled(why: String) -> AgentVMError:
	return AgentVMError.create("cancelled", why, "Make the call again when you need it.")


## A call that is wrong, found before it was sent.
static func invalid(message: String) -> AgentVMError:
	return AgentVMError.create("invalid_request", message, "Correct what is named; nothing was sent.")


## A call past the bound of those that wait.
static func too_many(limit: int) -> AgentVMError:
	return AgentVMError.create(
		"too_many_calls",
		"%d calls are waiting already." % limit,
		"Await calls before making more, and send positions with queue_agent_position().",
		true,
	)


## A position past the bound of those that wait.
static func too_many_positions(limit: int) -> AgentVMError:
	return AgentVMError.create(
		"too_many_calls",
		"The positions of %d agents are waiting already." % limit,
		"Queue positions of fewer agents while the connection is away.",
		true,
	)


## A position that is none.
static func no_position() -> AgentVMError:
	return invalid("A position is a Vector3, a Vector2, or x, y and z, all of them finite numbers.")


## An answer for a task that asks nothing: [param task] is what is known of it.
static func no_question(task_id: String, task: Dictionary) -> AgentVMError:
	var before: Dictionary = Wire.object(task.get("answered"))
	var why: String = ""
	match Wire.text(before.get("by")):
		"time":
			why = " Nobody has answered the last one in time."
		"worker":
			why = " The last one was withdrawn."
		"player":
			var words: String = Wire.text(before.get("choice"))
			if words.is_empty():
				words = Wire.text(before.get("text"))
			why = " The last one was answered already, and the first answer counts: '%s'." % words.left(200)
	return AgentVMError.create(
		"no_such_question",
		"The task '%s' has no open question.%s" % [task_id, why],
		"Wait for question_asked, or look at the task's question: it is null while nothing is asked.",
	)


## A move that came behind a newer one of this game.
static func outdated(agent_id: String) -> AgentVMError:
	return AgentVMError.create(
		"outdated",
		"A newer position of %s was there before." % agent_id,
		"Nothing needs to be done: the newer position stands.",
		false,
		409,
	)


## Positions of which the server does not say what came.
static func unanswered_positions(seconds: float) -> AgentVMError:
	var error: AgentVMError = AgentVMError.create(
		"timeout",
		"The server did not say within %s seconds what came of the positions." % snappedf(seconds, 0.1),
		"Look whether the server still answers.",
		true,
	)
	error.may_have_happened = true
	return error


## Why an agent among many was not moved: [param refusal] is [code]code, error[/code].
static func of_move(agent_id: String, refusal: Dictionary) -> AgentVMError:
	if refusal.get("code") == "outdated":
		return outdated(agent_id)
	return _from_body(_status_of(Wire.text(refusal.get("code"))), refusal)


## The error that an ack of the event stream means.
static func from_ack(body: Dictionary) -> AgentVMError:
	return _from_body(_status_of(Wire.text(body.get("code"))), body)


## No answer since the server could not be reached, or the connection broke.
static func unreachable(reason: String, sent: bool) -> AgentVMError:
	var error: AgentVMError = AgentVMError.create(
		"network_error",
		"The server could not be reached: %s." % reason,
		"Check that it runs (npx oligarchy-agentvm serve) and that agentvm/connection/endpoint names it.",
		true,
	)
	error.may_have_happened = sent
	return error


## Something listens that cannot be spoken to encrypted. Trying again is of no use.
static func without_tls() -> AgentVMError:
	return AgentVMError.create(
		"network_error",
		"The server could not be reached: what listens there does not speak TLS, or its certificate is not trusted.",
		"Begin agentvm/connection/endpoint with http:// where the server is not encrypted, or check its certificate.",
	)


## No answer in time.
static func timed_out(seconds: float, sent: bool) -> AgentVMError:
	var error: AgentVMError = AgentVMError.create(
		"timeout",
		"There was no answer within %s seconds." % snappedf(seconds, 0.1),
		"Try again, or raise agentvm/connection/timeout_seconds.",
		true,
	)
	error.may_have_happened = sent
	return error


## An answer that is none of this contract.
static func unreadable(what: String) -> AgentVMError:
	var error: AgentVMError = AgentVMError.create(
		"invalid_answer",
		"What answered is no AgentVM server, or a broken one: %s." % what,
		"Check agentvm/connection/endpoint and what listens there.",
	)
	error.may_have_happened = true
	return error


## The error that an answer means. It knows the contract's body, FastAPI's two forms of
## [code]detail[/code], and [code]{"success": false, "error" | "message": …}[/code].
static func from_answer(status: int, text: String) -> AgentVMError:
	var error: AgentVMError = _from_body(status, Wire.decode_object(text))
	error.may_have_happened = status >= 500 and status != 503
	return error


## An error that the page's script tells.
static func from_page(told: Dictionary) -> AgentVMError:
	var error: AgentVMError = AgentVMError.create(
		Wire.text(told.get("code")),
		Wire.text(told.get("message")),
		Wire.text(told.get("remediation")),
		told.get("retryable") == true,
		Wire.integer(told.get("http_status")),
	)
	if error.code.is_empty():
		return unreadable("the page's script answered with no reason")
	error.request_id = Wire.text(told.get("request_id"))
	error.detail = told.get("detail")
	error.may_have_happened = told.get("may_have_happened") == true
	error.retry_after_ms = Wire.integer(told.get("retry_after_ms"))
	return error


static func _from_body(status: int, body: Dictionary) -> AgentVMError:
	var detail: Variant = body.get("detail")
	var message: String = Wire.text(body.get("error"))
	if message.is_empty():
		message = Wire.text(body.get("message"))
	if message.is_empty():
		message = _describe(detail)
	if message.is_empty():
		message = "The server answered with HTTP %d and no explanation." % status
	var code: String = Wire.text(body.get("code"))
	if code.is_empty():
		code = _code_of(status)
	var remediation: String = Wire.text(body.get("remediation"))
	if remediation.is_empty():
		remediation = _remedy_of(status)
	var retryable: bool = RETRYABLE.has(status) or PASSING.has(code)
	var error: AgentVMError = AgentVMError.create(code, message, remediation, retryable, status)
	error.detail = detail
	error.request_id = Wire.text(body.get("request_id"))
	return error


static func _describe(detail: Variant) -> String:
	if detail is String:
		return detail
	var parts: PackedStringArray = []
	for item: Dictionary in Wire.objects(detail):
		var loc: PackedStringArray = []
		if item.get("loc") is Array:
			for part: Variant in item["loc"]:
				loc.append(str(part))
		parts.append("%s %s" % [".".join(loc), Wire.text(item.get("msg"))])
	return "; ".join(parts)


## The status that an answer over HTTP would have had.
static func _status_of(code: String) -> int:
	if code.ends_with("_not_found"):
		return 404
	match code:
		"unauthorized", "session_expired":
			return 401
		"forbidden":
			return 403
		"storage_full":
			return 409
		"rate_limited":
			return 429
		"internal":
			return 500
		"unavailable":
			return 503
	return 400


static func _code_of(status: int) -> String:
	match status:
		401:
			return "unauthorized"
		403:
			return "forbidden"
		404:
			return "not_found"
		409:
			return "conflict"
		429:
			return "rate_limited"
	if status >= 500:
		return "server_error"
	return "invalid_request" if status >= 400 else "request_failed"


static func _remedy_of(status: int) -> String:
	match status:
		401, 403:
			return "Check agentvm/connection/api_key."
		404:
			return "Check the id, and the path of agentvm/connection/endpoint."
		429:
			return "Wait before the next call."
	return "Try again later." if status >= 500 else "Read what the server says, and its log."
