@tool
extends "../core/transport.gd"
## The way to a server, or to the embedded backend, through the page of a web export.
##
## The bridge between engine and page passes texts and whole numbers unharmed and little else, and each
## crossing costs microseconds: so what a frame gathered crosses in one text each way, and an idle game
## crosses never.

const Endpoint = preload("../core/endpoint.gd")
const Failures = preload("../core/failures.gd")
const MoveRows = preload("move_rows.gd")
const PackedScript = preload("packed_script.gd")
const Wire = preload("../core/wire.gd")

## The name of the page's script.
const FACADE: String = "agentvmGodot"
const FACADE_SCRIPT: String = "res://addons/agentvm/web/agentvm-godot.js"
## The name of the embedded backend in the page.
const BACKEND: String = "agentvmGodotBackend"
const BACKEND_SCRIPT: String = "res://addons/agentvm/web/agentvm-godot-backend.js"
## What the page answers where it could not load a script.
const SCRIPT_MISSING: String = "script_missing"
## What names a file of scripts in the embedded backend's address.
const SCRIPT: String = "script="
## The reply to this command is that of opening.
const START_ID: int = 0

var _facade: JavaScriptObject = null
# Held here, since the engine forgets a callback that nobody holds.
var _callback: JavaScriptObject = null
var _message: String = ""
var _client: int = 0
var _requests: Dictionary[int, Request] = {}
var _commands: PackedStringArray = []
var _command_ids: PackedInt64Array = []
var _positions: PackedStringArray = []
var _inbox: PackedStringArray = []
var _opening: Request = null
# Commands that are crossing now. A throw of the page stops this script in the middle; the next frame sees it here.
var _crossing: PackedInt64Array = []
var _is_closed: bool = false


func open(request: Request, options: Dictionary) -> void:
	_facade = _find_facade()
	if _facade == null:
		request.fail(_no_script())
		return
	var given: Dictionary = options.duplicate()
	var problem: AgentVMError = _take_scripts(given)
	if problem != null:
		request.fail(problem)
		return
	_opening = request
	_callback = JavaScriptBridge.create_callback(_on_push)
	_message = Wire.encode(given, [])
	_start()


func _start() -> void:
	_crossing = [START_ID]
	@warning_ignore("unsafe_method_access")
	var answer: Dictionary = Wire.decode_object(str(_facade.start(_message, _callback)))
	_crossing = []
	if answer.get("client") is int:
		_client = answer["client"]
	else:
		_end(START_ID, answer if answer.has("error") else {"error": {}})


func submit(request: Request) -> void:
	if _is_closed:
		request.fail(Failures.not_connected())
		return
	_requests[request.id] = request
	var head: Dictionary = {"id": request.id, "route": request.route, "timeout_ms": request.timeout_ms}
	if not request.params.is_empty():
		head["params"] = request.params
	if not request.query.is_empty():
		head["query"] = request.query
	if not request.idempotency_key.is_empty():
		head["key"] = request.idempotency_key
	var command: String = Wire.encode(head, [])
	if not request.body.is_empty():
		command = "%s,\"body\":%s}" % [command.left(-1), request.body]
	_commands.append(command)
	_command_ids.append(request.id)


func send_positions(request: Request, updates: PackedStringArray) -> void:
	_requests[request.id] = request
	_positions.append("{\"id\":%d,\"updates\":[%s]}" % [request.id, ",".join(updates)])
	_command_ids.append(request.id)


func poll() -> void:
	_fail_crossing()
	if not _inbox.is_empty():
		var inbox: PackedStringArray = _inbox
		_inbox = []
		for text: String in inbox:
			if not _is_closed:
				_take(Wire.read_object(text))
	if _is_closed or (_commands.is_empty() and _positions.is_empty()):
		return
	var message: String = (
		"{\"client\":%d,\"commands\":[%s],\"positions\":[%s]}"
		% [_client, ",".join(_commands), ",".join(_positions)]
	)
	_crossing = _command_ids
	_commands = []
	_command_ids = []
	_positions = []
	@warning_ignore("unsafe_method_access")
	var answer: Variant = _facade.submit(message)
	# A page that takes the commands answers with an empty text; one that threw, in a release build, with null.
	if answer is String and str(answer).is_empty():
		_crossing = []
	else:
		_fail_crossing(Wire.decode_object(str(answer)))


func close(reason: AgentVMError) -> void:
	if _is_closed:
		return
	_is_closed = true
	var facade: JavaScriptObject = _facade
	_callback = null
	_facade = null
	var opening: Request = _opening
	_opening = null
	if opening != null:
		opening.fail(Failures.again(reason))
	for request: Request in _requests.values():
		request.fail(Failures.again(reason))
	_requests.clear()
	# Last, since a page that throws would stop this function.
	if _client > 0:
		@warning_ignore("unsafe_method_access")
		facade.stop("{\"client\":%d}" % _client)


func _fail_crossing(answer: Dictionary = {}) -> void:
	var ids: PackedInt64Array = _crossing
	_crossing = []
	for id: int in ids:
		_end(id, answer if answer.has("error") else {"error": {}})


func _find_facade() -> JavaScriptObject:
	var found: JavaScriptObject = JavaScriptBridge.get_interface(FACADE)
	return PackedScript.run(FACADE_SCRIPT, FACADE) if found == null else found


## Whether the page could not load the embedded backend, and has it from the game now: once.
func _has_found_backend(reply: Dictionary) -> bool:
	return (
		Wire.object(reply.get("error")).get("code") == SCRIPT_MISSING
		and JavaScriptBridge.get_interface(BACKEND) == null
		and PackedScript.run(BACKEND_SCRIPT, BACKEND) != null
	)


## Puts the file that [code]script[/code] of the embedded backend's address names in the place of its name, since the page cannot
## read what is in the game. Returns what is wrong, or null.
func _take_scripts(options: Dictionary) -> AgentVMError:
	var address: String = str(options["endpoint"])
	if not address.begins_with(Endpoint.MOCK_SCHEME) or not address.contains("?"):
		return null
	var others: PackedStringArray = []
	for pair: String in address.get_slice("?", 1).split("&", false):
		if not pair.begins_with(SCRIPT):
			others.append(pair)
			continue
		var path: String = pair.trim_prefix(SCRIPT).uri_decode()
		if not (path.begins_with("res://") or path.begins_with("user://")) or not FileAccess.file_exists(path):
			return Failures.no_scripts(path)
		options["scripts"] = FileAccess.get_file_as_string(path)
	options["endpoint"] = "%s?%s" % [address.get_slice("?", 0), "&".join(others)]
	return null


func _no_script() -> AgentVMError:
	return AgentVMError.create(
		SCRIPT_MISSING,
		"The page has not loaded agentvm-godot.js, and the copy inside the game could not be run.",
		(
			"Export with the AgentVM plugin enabled. With an HTML shell of your own, keep </head> in it or load"
			+ " the script there. With a Content-Security-Policy, allow script-src 'self'."
		),
	)


## Called by the page. What it brings waits for the next frame, so that signals are emitted where they
## always are.
func _on_push(arguments: Array) -> void:
	if not arguments.is_empty() and not _is_closed:
		_inbox.append(str(arguments[0]))


func _take(push: Dictionary) -> void:
	for reply: Dictionary in Wire.objects(push.get("replies")):
		_end(Wire.integer(reply.get("id"), -1), Wire.object(Wire.with_integers(reply)))
	for news: Dictionary in Wire.objects(push.get("news")):
		if _is_closed:
			return
		if news.has("moves"):
			_take_moves(Wire.object(news["moves"]))
		elif news.has("event"):
			event_received.emit(Wire.object(Wire.with_integers(news["event"])))
		elif news.has("lost"):
			events_lost.emit(Wire.objects(Wire.with_integers(news["lost"])))
		elif _opening == null:
			var reason: AgentVMError = null
			if news.has("error"):
				reason = Failures.from_page(Wire.object(Wire.with_integers(news["error"])))
			state_changed.emit(Wire.text(news.get("state")), reason)


func _take_moves(packed: Dictionary) -> void:
	for event: Dictionary in MoveRows.events(packed):
		if not _is_closed:
			event_received.emit(event)


func _end(id: int, reply: Dictionary) -> void:
	var request: Request = null
	if id == START_ID:
		if _opening != null and _has_found_backend(reply):
			@warning_ignore("unsafe_method_access")
			_facade.stop("{\"client\":%d}" % _client)
			_start()
			return
		request = _opening
		_opening = null
	elif _requests.has(id):
		request = _requests[id]
		_requests.erase(id)
	if request == null:
		return
	if reply.has("error"):
		request.fail(Failures.from_page(Wire.object(reply["error"])))
		return
	if id == START_ID:
		var game: Dictionary = Wire.object(reply.get("value"))
		game_id = Wire.text(game.get("game_id"))
		limits = Wire.object(game.get("limits"))
		server = Wire.object(game.get("server"))
	request.next_cursor = Wire.text(reply.get("next_cursor"))
	request.succeed(reply.get("value"))
