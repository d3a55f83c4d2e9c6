@tool
extends RefCounted
## What a server's answer means: the end of a call, or why it has none yet.

const Failures = preload("../core/failures.gd")
const HttpExchange = preload("http_exchange.gd")
const Request = preload("../core/request.gd")
const RetryAfter = preload("retry_after.gd")
const Routes = preload("../core/routes.gd")
const Wire = preload("../core/wire.gd")


## Ends [param request] with the answer that [param exchange] has brought, and returns null; or returns what was wrong
## and leaves the request as it is.
static func read(request: Request, exchange: HttpExchange) -> AgentVMError:
	if not exchange.failure.is_empty():
		return exchange.error(request.timeout_ms)
	var text: String = exchange.text()
	if exchange.status < 200 or exchange.status >= 300:
		var error: AgentVMError = _refusal(request, exchange, text)
		error.retry_after_ms = RetryAfter.read(
			exchange.answer_headers.get("retry-after", ""), exchange.answer_headers.get("date", "")
		)
		return error
	if request.route == "taskOutput":
		request.succeed(_read_output(text, Wire.integer(request.query.get("offset"))))
		return null
	if request.route == "taskDiff":
		request.succeed(text)
		return null
	var value: Variant = Wire.decode(text)
	if value is Dictionary:
		var fields: Dictionary = value
		if fields.get("success", true) == false:
			return _refusal(request, exchange, text)
	elif not value is Array:
		return Failures.unreadable("its answer is not JSON")
	request.next_cursor = exchange.answer_headers.get("x-next-cursor", "")
	request.succeed(value)
	return null


static func _refusal(request: Request, exchange: HttpExchange, text: String) -> AgentVMError:
	var error: AgentVMError = Failures.from_answer(exchange.status, text)
	error.message = "%s %s: %s" % [exchange.method, Routes.path_of(request.route), error.message]
	return error


static func _read_output(text: String, offset: int) -> Dictionary:
	var lines: Array[Dictionary] = []
	var whole: String = ""
	var next_offset: int = offset
	var status: String = ""
	# What stands after the last line break is a line that is still on its way.
	for part: String in text.left(text.rfind("\n") + 1).split("\n", false):
		var line: Dictionary = Wire.decode_object(part)
		if line.get("done") == true:
			status = Wire.text(line.get("status"))
		elif line.get("text") is String:
			var piece: String = line["text"]
			lines.append(line)
			whole += piece
			next_offset = Wire.integer(line.get("offset")) + piece.to_utf8_buffer().size()
	return {
		"text": whole,
		"lines": lines,
		"next_offset": next_offset,
		"done": not status.is_empty(),
		"status": status,
	}
