@tool
extends RefCounted
## What a manager is connected with: the way to the server, the calls that wait, and what is known of agents and tasks.

const Endpoint = preload("endpoint.gd")
const EventGate = preload("event_gate.gd")
const Failures = preload("failures.gd")
const Mirror = preload("mirror.gd")
const OutputWatch = preload("output_watch.gd")
const PositionBatch = preload("position_batch.gd")
const PositionQueue = preload("position_queue.gd")
const PositionSender = preload("position_sender.gd")
const Request = preload("request.gd")
const TaskEnds = preload("task_ends.gd")
const Transport = preload("transport.gd")
const Unique = preload("unique.gd")
const Wire = preload("wire.gd")

## Calls that may wait at the same time.
const CALLS_MAX: int = 10_000
## Items a page of a list.
const PAGE_LIMIT: int = 500
## Items that a list is followed to.
const LIST_MAX: int = 10_000
## Milliseconds that the goodbye may take.
const GOODBYE_MS: int = 2_000
## Milliseconds that a review may take: a server waits a minute for whoever carries it out.
const REVIEW_MS: int = 75_000

## The game is open, and what the server told of it is here; the state follows.
signal opened
## The connection stands otherwise. [param reason] says why it has stopped, and is null else.
signal state_changed(state: String, reason: AgentVMError)
## An event is to be told; the mirror has it already.
signal event_told(event: Dictionary)
## Events were lost for good; the mirror has the agents as they are now.
signal events_lost

## How the connection stands, in the words of [member AgentVMManager.connection_state].
var state: String = "disconnected"
## What is known without asking the server.
var mirror: Mirror = Mirror.new()
## Who waits for tasks to be over.
var ends: TaskEnds = TaskEnds.new(mirror)
## The tasks whose output is watched.
var output: OutputWatch = OutputWatch.new(_read_output)
## Positions that wait to be sent, and those that were and may come to nothing.
var positions: PositionSender = PositionSender.new()
## Whose numbers the moves have, by a name of its own for each life of the game: no clock has a say in their order.
var client_id: String = Unique.name()
## The way to the server; null while there is none.
var transport: Transport = null

var _is_reachable: Callable
var _new_transport: Callable
var _gate: EventGate = EventGate.new()
var _opening: Request = null
var _target: String = ""
var _timeout_ms: int = 30_000
var _waiting: Dictionary[int, Request] = {}
var _serial: int = 0
var _sequence: int = 0


## [param is_reachable] tells whether [method poll] is called; where it is not, calls fail at once.
## [param new_transport] makes the way to a server that fits this platform.
func _init(is_reachable: Callable, new_transport: Callable) -> void:
	_is_reachable = is_reachable
	_new_transport = new_transport
	_gate.released.connect(_tell)


## Connects as [method Transport.open] says, and returns why that failed, or null. To the same place again changes
## nothing.
func open(options: Dictionary) -> AgentVMError:
	var target: String = "%s %s" % [options["endpoint"], str(options["api_key"]).sha256_text()]
	if target == _target and transport != null and state != "stopped":
		return null if _opening == null else await _end_of(_opening)
	var parsed: Endpoint = Endpoint.new(options["endpoint"], str(options["environment"]))
	if parsed.error == null and parsed.is_mock and not OS.has_feature("web"):
		return Failures.mock_outside_web()
	if parsed.error != null:
		return parsed.error
	close(Failures.cancelled("The manager connects to another server."))
	_target = target
	_timeout_ms = options["timeout_ms"]
	positions.queue.interval_ms = int(1000.0 / Wire.number(options["update_frequency"]))
	options["client_id"] = client_id
	return await _open(options)


## Says goodbye to the server, if there is a connection, and closes it.
func leave(reason: AgentVMError) -> void:
	if transport == null:
		return
	if state == "connected":
		var goodbye: Request = make("gameDisconnect")
		goodbye.timeout_ms = GOODBYE_MS
		_submit(goodbye)
		if not goodbye.is_done:
			await goodbye.finished
	close(reason)


## Says goodbye to the server without waiting for a frame, and closes the connection.
func leave_at_once(reason: AgentVMError) -> void:
	if transport != null and state == "connected":
		transport.farewell()
	close(reason)


## Ends everything: each call that waits ends with [param reason].
func close(reason: AgentVMError) -> void:
	var old: Transport = transport
	transport = null
	_opening = null
	_target = ""
	positions.clear()
	output.clear()
	if old != null:
		old.event_received.disconnect(_gate.push)
		old.events_lost.disconnect(_on_events_lost)
		old.state_changed.disconnect(_on_state_changed)
		old.close(reason)
	for request: Request in _waiting.values():
		request.fail(Failures.again(reason))
	_waiting.clear()
	ends.fail_all(reason)
	_gate.clear()
	mirror.clear()
	_set_state("disconnected", null)


## Moves everything on. Called once a frame.
func poll() -> void:
	if transport != null:
		transport.poll()
		send_positions()
		if state == "connected":
			output.poll()


## Sends the positions that wait, if it is time.
func send_positions() -> void:
	if state != "connected" or not positions.is_due():
		return
	var open_transport: Transport = transport
	for batch: PositionBatch in positions.queue.take(next_sequence()):
		# Whoever is told of a position that was refused may close the connection.
		if transport != open_transport:
			return
		_serial += 1
		var request: Request = Request.new()
		request.id = _serial
		positions.expect(request, batch)
		transport.send_positions(request, batch.updates)


## The game was asleep and is awake again.
func wake() -> void:
	if transport != null:
		transport.wake()


## The number of the next move, among those of [member client_id].
func next_sequence() -> int:
	_sequence += 1
	return _sequence


## A call, to be given to [method run]. One that cannot be sent has failed already.
func make(
	route: String,
	params: Dictionary = {},
	query: Dictionary = {},
	body: Variant = null,
) -> Request:
	_serial += 1
	var request: Request = Request.new()
	request.id = _serial
	request.route = route
	request.params = params
	request.query = query
	request.timeout_ms = _timeout_ms
	request.idempotency_key = Unique.name()
	for key: String in params:
		if not Wire.is_id(params[key]):
			request.fail(Failures.invalid("%s must be 1 to 64 of A-Z a-z 0-9 _ -." % key))
	if body != null:
		var problems: PackedStringArray = []
		request.body = Wire.encode(body, problems)
		if not problems.is_empty():
			request.fail(Failures.invalid("; ".join(problems) + "."))
	return request


## Makes a call and waits for its end. While the connection is being made, it waits for that first.
func run(request: Request) -> void:
	var opening: Request = _opening
	if not request.is_done and _is_reachable.call() == true and opening != null:
		await opening.finished
		if opening.error != null:
			request.fail(Failures.again(opening.error))
	if not request.is_done:
		_submit(request)
	if not request.is_done:
		await request.finished


## Waits until a task is over, and returns what ended then, with the task as its value. One that is not known here is
## looked up first.
func wait_for_task(task_id: String) -> Request:
	if transport == null:
		var none: Request = Request.new()
		none.fail(Failures.not_connected())
		return none
	var wait: Request = ends.wait_for(task_id)
	if not wait.is_done and not mirror.tasks.has(task_id):
		_look_at(task_id)
	if not wait.is_done:
		await wait.finished
	return wait


## Follows a list to its end, or reads one page where [param filter] has a limit. Returns the last call, with all
## items as its value.
func run_list(route: String, filter: Dictionary) -> Request:
	var query: Dictionary = filter.duplicate()
	var is_one_page: bool = query.has("limit")
	if not is_one_page:
		query["limit"] = PAGE_LIMIT
	var found: Array[Dictionary] = []
	while true:
		var request: Request = make(route, {}, query.duplicate())
		await run(request)
		if request.error != null:
			return request
		var page: Array[Dictionary] = request.items()
		found.append_array(page)
		var is_last: bool = request.next_cursor.is_empty() or request.next_cursor == query.get("cursor")
		# A page without items that names another one may name them without end.
		if is_one_page or is_last or page.is_empty() or found.size() >= LIST_MAX:
			request.value = found
			return request
		query["cursor"] = request.next_cursor
	return null


func _open(options: Dictionary) -> AgentVMError:
	var made: Transport = _new_transport.call()
	transport = made
	made.event_received.connect(_gate.push)
	made.events_lost.connect(_on_events_lost)
	made.state_changed.connect(_on_state_changed)
	_set_state("connecting", null)
	var opening: Request = make("gameConnect")
	opening.holds_all = true
	_opening = opening
	_keep(opening)
	made.open(opening, options)
	if not opening.is_done:
		await opening.finished
	if _opening != opening:
		return await _end_of(opening)
	_opening = null
	if opening.error != null:
		close(opening.error)
		return await _end_of(opening)
	mirror.replace_agents(Wire.objects(opening.fields().get("agents")))
	opened.emit()
	_set_state("connected", null)
	return null


func _end_of(opening: Request) -> AgentVMError:
	if not opening.is_done:
		await opening.finished
	return null if opening.error == null else Failures.again(opening.error)


func _submit(request: Request) -> void:
	if _is_reachable.call() != true:
		request.fail(Failures.not_in_tree())
	elif transport == null or _opening != null or state == "stopped":
		request.fail(Failures.not_connected())
	elif _waiting.size() >= CALLS_MAX:
		request.fail(Failures.too_many(CALLS_MAX))
	else:
		_keep(request)
		transport.submit(request)


func _keep(request: Request) -> void:
	_waiting[request.id] = request
	_gate.begin(request)
	request.finished.connect(_learn.bind(request), CONNECT_ONE_SHOT)
	request.settled.connect(_gate.end.bind(request), CONNECT_ONE_SHOT)


func _learn(request: Request) -> void:
	_waiting.erase(request.id)
	if request.error == null:
		mirror.learn(request.route, request.fields())
		ends.settle(Wire.text(request.params.get("task_id")))


func _tell(event: Dictionary) -> void:
	mirror.apply(event)
	event_told.emit(event)
	if Wire.text(event.get("type")).begins_with("task."):
		ends.settle(Wire.text(Wire.object(event.get("data")).get("task_id")))


func _set_state(now: String, reason: AgentVMError) -> void:
	state = now
	state_changed.emit(now, reason)


func _on_state_changed(now: String, reason: AgentVMError) -> void:
	if _opening == null:
		_set_state(now, reason)


func _on_events_lost(agents: Array[Dictionary]) -> void:
	_gate.clear()
	for serial: int in _waiting:
		_gate.begin(_waiting[serial])
	mirror.replace_agents(agents)
	events_lost.emit()
	# The end of a task may be among what was lost.
	for task_id: String in ends.task_ids():
		_look_at(task_id)


func _look_at(task_id: String) -> void:
	var request: Request = make("taskGet", {"task_id": task_id})
	await run(request)
	if request.error != null:
		ends.fail(task_id, request.error)


func _read_output(task_id: String, offset: int) -> Request:
	var request: Request = make("taskOutput", {"task_id": task_id}, {"offset": offset})
	await run(request)
	return request
