@tool
extends "../core/transport.gd"
## The way to a server over the engine's own sockets: everywhere but in a web export.

const Answers = preload("answers.gd")
const Backoff = preload("backoff.gd")
const Endpoint = preload("../core/endpoint.gd")
const EventStream = preload("event_stream.gd")
const Failures = preload("../core/failures.gd")
const HttpExchange = preload("http_exchange.gd")
const HttpPool = preload("http_pool.gd")
const PositionAcks = preload("position_acks.gd")
const Routes = preload("../core/routes.gd")
const Sleeper = preload("sleeper.gd")
const Unique = preload("../core/unique.gd")
const Wire = preload("../core/wire.gd")

## Tries after the first one.
const RETRIES: int = 2
## An answer that goes on for a while is taken as it is after this many milliseconds of quiet.
const QUIET_MS: int = 150
const RETRYABLE: Array[int] = [429, 500, 502, 503, 504]
## Calls that need no credentials, and those that need the key itself.
const OPEN_ROUTES: Array[String] = ["health"]
const KEY_ROUTES: Array[String] = ["gameConnect"]
## Milliseconds between two heartbeats at the least and at the most, whatever the server asks for.
const HEARTBEAT_MIN_MS: float = 250.0
const HEARTBEAT_MAX_MS: float = 3_600_000.0
## Milliseconds that the goodbye may take while the engine waits for it.
const FAREWELL_MS: int = 1_000
## A frame of moves as JSON.
const POSITIONS: String = "{\"type\":\"positions\",\"id\":\"%s\",\"client_id\":\"%s\",\"updates\":[%s]}"

var _endpoint: Endpoint = null
var _websocket_url: String = ""
var _api_key: String = ""
var _token: String = ""
var _game: Dictionary = {}
var _client_id: String = ""
var _has_session: bool = true
var _timeout_ms: int = 30_000
var _pool: HttpPool = null
var _stream: EventStream = EventStream.new()
var _acks: PositionAcks = PositionAcks.new()
var _sleeper: Sleeper = Sleeper.new()
var _requests: Dictionary[int, Request] = {}
# Requests of the transport's own count downwards, so that they meet none of the manager's.
var _own_serial: int = 0
var _opening: Request = null
var _opening_deadline: int = 0
var _renewal: Request = null
var _heartbeat_ms: int = 60_000
var _last_call_at: int = 0
var _is_closed: bool = false


func open(request: Request, options: Dictionary) -> void:
	_endpoint = Endpoint.new(Wire.text(options["endpoint"]), Wire.text(options["environment"]))
	var problem: AgentVMError = _read_websocket_url(options)
	if problem != null:
		request.fail(problem)
		return
	_api_key = Wire.text(options["api_key"])
	_game = options["game"]
	_client_id = Wire.text(options["client_id"])
	_has_session = options.get("session", true) == true
	_timeout_ms = Wire.integer(options["timeout_ms"])
	for character: String in _api_key:
		if character <= " " or character > "~":
			request.fail(Failures.invalid("The API key has a character that no key has."))
			return
	_pool = HttpPool.new(_endpoint)
	_opening = request
	_opening_deadline = Time.get_ticks_msec() + _timeout_ms
	_stream.can_connect_game = _has_session
	_stream.event_received.connect(_on_event)
	_stream.acknowledged.connect(_acks.settle)
	_stream.events_lost.connect(_on_events_lost)
	_stream.went_live.connect(_on_live)
	_stream.went_away.connect(_on_away)
	_stream.stopped.connect(_on_stopped)
	_stream.game_needed.connect(_connect_game_again)
	_stream.snapshot_needed.connect(_take_snapshot)
	_begin()


func submit(request: Request) -> void:
	if _is_closed:
		request.fail(Failures.not_connected())
		return
	_requests[request.id] = request
	_drive(request)


func send_positions(request: Request, updates: PackedStringArray) -> void:
	var id: String = _acks.expect(request)
	if not _stream.send(POSITIONS % [id, _client_id, ",".join(updates)]):
		_acks.forget(id)


func poll() -> void:
	if _is_closed or _pool == null:
		return
	# Held here, since what is called back may close this transport.
	var pool: HttpPool = _pool
	var sleeper: Sleeper = _sleeper
	var stream: EventStream = _stream
	pool.poll()
	sleeper.poll()
	stream.poll()
	_acks.poll()
	if _is_closed:
		return
	var now: int = Time.get_ticks_msec()
	if _opening != null and now >= _opening_deadline:
		_fail_opening(Failures.timed_out(_timeout_ms / 1000.0, true))
	if _has_session and not _token.is_empty() and now - _last_call_at >= _heartbeat_ms:
		submit(_own_request("gameHeartbeat"))


func wake() -> void:
	_stream.wake()


func farewell() -> void:
	if _is_closed or not _has_session or _token.is_empty():
		return
	var end: int = Time.get_ticks_msec() + FAREWELL_MS
	var client: HTTPClient = HTTPClient.new()
	var tls: TLSOptions = TLSOptions.client() if _endpoint.is_secure else null
	if client.connect_to_host(_endpoint.host, _endpoint.port, tls) != OK:
		return
	_poll_while(client, [HTTPClient.STATUS_RESOLVING, HTTPClient.STATUS_CONNECTING], end)
	if client.get_status() == HTTPClient.STATUS_CONNECTED:
		var target: String = _endpoint.base_path + Routes.target_of("gameDisconnect", {}, {})
		var headers: PackedStringArray = ["Authorization: Bearer %s" % _token]
		if client.request(HTTPClient.METHOD_POST, target, headers) == OK:
			_poll_while(client, [HTTPClient.STATUS_REQUESTING], end)
	client.close()


func close(reason: AgentVMError) -> void:
	if _is_closed:
		return
	_is_closed = true
	_stream.close()
	_acks.lose()
	_fail_opening(Failures.again(reason))
	for request: Request in _requests.values():
		request.fail(Failures.again(reason))
	_requests.clear()
	if _pool != null:
		_pool.close()
	_sleeper.close()


func _poll_while(client: HTTPClient, states: Array[HTTPClient.Status], end: int) -> void:
	while states.has(client.get_status()) and Time.get_ticks_msec() < end:
		client.poll()
		OS.delay_msec(1)


func _begin() -> void:
	if _has_session:
		var connected: Request = await _renew("")
		if _is_closed:
			return
		if connected.error != null:
			_fail_opening(Failures.again(connected.error))
			return
	else:
		# The stream would try for as long as there is time; this tells at once what is wrong.
		var tried: Request = await _snapshot()
		if _is_closed:
			return
		if tried.error != null:
			_fail_opening(Failures.again(tried.error))
			return
		_stream.credentials = {"api_key": _api_key}
		_stream.url = _stream_url("")
	_stream.start()


func _drive(request: Request) -> void:
	await _try(request)
	_requests.erase(request.id)


func _try(request: Request) -> void:
	var deadline: int = Time.get_ticks_msec() + request.timeout_ms
	var attempt: int = 0
	var has_renewed: bool = false
	while not request.is_done:
		var token: String = _token
		var exchange: HttpExchange = _exchange(request, deadline)
		_pool.submit(exchange)
		if not exchange.is_done:
			await exchange.finished
		if request.is_done:
			return
		var problem: AgentVMError = Answers.read(request, exchange)
		if problem == null:
			return
		if exchange.status == 401 and _has_session and not has_renewed and _needs_token(request):
			has_renewed = true
			var renewal: Request = await _renew(token)
			if renewal.error == null:
				continue
			request.fail(Failures.again(renewal.error))
			return
		var is_lost: bool = not exchange.failure.is_empty() and exchange.failure != "no_tls"
		var may_retry: bool = RETRYABLE.has(exchange.status) or is_lost
		var wait_ms: int = maxi(problem.retry_after_ms, Backoff.full_jitter(attempt))
		if exchange.is_stale and attempt == 0:
			wait_ms = 0
		if not may_retry or attempt >= RETRIES or Time.get_ticks_msec() + wait_ms >= deadline:
			request.fail(problem)
			return
		attempt += 1
		await _sleeper.start(wait_ms).ended


func _exchange(request: Request, deadline: int) -> HttpExchange:
	var exchange: HttpExchange = HttpExchange.new()
	exchange.method = Routes.method_of(request.route)
	exchange.target = _endpoint.base_path
	exchange.target += Routes.target_of(request.route, request.params, request.query)
	exchange.body = request.body
	# Half of the time for one try, so that there is some left for another.
	exchange.deadline = mini(deadline, Time.get_ticks_msec() + maxi(5_000, request.timeout_ms >> 1))
	exchange.headers = ["Accept: %s" % ("text/x-diff" if request.route == "taskDiff" else "application/json")]
	if not request.body.is_empty():
		exchange.headers.append("Content-Type: application/json")
	if exchange.method == "POST" and not request.idempotency_key.is_empty():
		exchange.headers.append("Idempotency-Key: %s" % request.idempotency_key)
	if _needs_token(request):
		_last_call_at = Time.get_ticks_msec()
		exchange.headers.append("Authorization: Bearer %s" % _token)
	elif not OPEN_ROUTES.has(request.route):
		exchange.headers.append("X-API-Key: %s" % _api_key)
	if request.route == "taskOutput":
		exchange.quiet_ms = QUIET_MS
	return exchange


func _needs_token(request: Request) -> bool:
	return _has_session and not OPEN_ROUTES.has(request.route) and not KEY_ROUTES.has(request.route)


func _own_request(route: String, params: Dictionary = {}) -> Request:
	_own_serial -= 1
	var request: Request = Request.new()
	request.id = _own_serial
	request.route = route
	request.params = params
	request.timeout_ms = _timeout_ms
	request.idempotency_key = Unique.name()
	return request


## Connects the game, once however many ask, unless that has happened since [param old_token] was taken.
func _renew(old_token: String) -> Request:
	if _renewal == null:
		_renewal = _own_request("gameConnect")
		if old_token != _token:
			_renewal.succeed({})
		else:
			_renewal.body = Wire.encode(_game, [])
			submit(_renewal)
	var renewal: Request = _renewal
	if not renewal.is_done:
		await renewal.finished
	if _renewal == renewal:
		_renewal = null
		if renewal.error == null and not renewal.fields().is_empty():
			_welcome_game(renewal)
	return renewal


func _welcome_game(renewal: Request) -> void:
	var answer: Dictionary = renewal.fields()
	_token = Wire.text(answer.get("session_token"))
	game_id = Wire.text(answer.get("game_id"))
	limits = Wire.object(answer.get("limits"))
	server = Wire.object(answer.get("server"))
	var asked_ms: float = Wire.number(answer.get("heartbeat_seconds"), 60.0) * 1000.0
	_heartbeat_ms = int(clampf(asked_ms, HEARTBEAT_MIN_MS, HEARTBEAT_MAX_MS))
	_last_call_at = Time.get_ticks_msec()
	_game["game_id"] = game_id
	_stream.credentials = {"session_token": _token}
	_stream.subscription = {"game_id": game_id}
	_stream.url = _stream_url(Wire.text(answer.get("websocket_url")))


## Takes the user's own address of the stream, and returns what is wrong with it, or null.
func _read_websocket_url(options: Dictionary) -> AgentVMError:
	_websocket_url = Wire.text(options.get("websocket_url")).strip_edges()
	if _websocket_url.is_empty():
		return null
	var as_http: String = "http%s" % _websocket_url.trim_prefix("ws")
	var stream: Endpoint = Endpoint.new(as_http, Wire.text(options["environment"]))
	if stream.error == null:
		_websocket_url = stream.as_stream()
		return null
	return AgentVMError.create(
		stream.error.code,
		"agentvm/connection/websocket_url is refused. Read as http: %s" % stream.error.message,
		"Write it like wss://agents.example.com/ws, or leave it empty.",
	)


## Where the user says that the stream is, else beside the calls. What the server tells says no more than the path there,
## and only one below the endpoint's own: behind a proxy it knows neither the host nor the path by which it is reached, and
## another host would be shown the token.
func _stream_url(told: String) -> String:
	if not _websocket_url.is_empty():
		return _websocket_url
	if told.begins_with("ws://") or told.begins_with("wss://"):
		var scheme: String = "https://" if _endpoint.is_secure else "http://"
		var hint: Endpoint = Endpoint.new(scheme + told.get_slice("://", 1), "")
		var is_here: bool = hint.error == null and hint.host == _endpoint.host and hint.port == _endpoint.port
		if is_here and hint.base_path.begins_with(_endpoint.base_path + "/"):
			return hint.as_stream()
	return _endpoint.stream_url()


func _connect_game_again() -> void:
	var renewal: Request = await _renew(_token)
	if _is_closed:
		return
	if renewal.error == null:
		_stream.game_connected()
	else:
		_stream.game_failed(renewal.error)


func _take_snapshot() -> void:
	var snapshot: Request = await _snapshot()
	if _is_closed:
		return
	if snapshot.error != null:
		_stream.snapshot_failed()
	elif _has_session:
		var cursor: Dictionary = Wire.object(snapshot.fields().get("cursor"))
		var agents: Array[Dictionary] = Wire.objects(snapshot.fields().get("agents"))
		_stream.snapshot_taken(agents, Wire.text(cursor.get("epoch")), Wire.integer(cursor.get("seq")))
	else:
		_stream.snapshot_taken_at_welcome(snapshot.items())


func _snapshot() -> Request:
	var request: Request = null
	if _has_session:
		request = _own_request("gameAgents", {"game_id": game_id})
	else:
		request = _own_request("agentList")
		request.query = {"limit": 500}
	submit(request)
	if not request.is_done:
		await request.finished
	return request


func _on_live() -> void:
	if _opening == null:
		state_changed.emit("connected", null)
		return
	var snapshot: Request = await _snapshot()
	var opening: Request = _opening
	if opening == null or _is_closed:
		return
	if snapshot.error != null:
		_fail_opening(Failures.again(snapshot.error))
		return
	_opening = null
	var agents: Array[Dictionary] = snapshot.items()
	if _has_session:
		agents = Wire.objects(snapshot.fields().get("agents"))
	opening.succeed({"agents": agents})


func _on_event(event: Dictionary) -> void:
	event_received.emit(event)


func _on_events_lost(agents: Array[Dictionary]) -> void:
	events_lost.emit(agents)


func _on_away() -> void:
	_acks.lose()
	if _opening == null:
		state_changed.emit("reconnecting", null)


func _on_stopped(error: AgentVMError) -> void:
	_acks.lose()
	if _opening == null:
		state_changed.emit("stopped", error)
	else:
		_fail_opening(error)


func _fail_opening(error: AgentVMError) -> void:
	var opening: Request = _opening
	_opening = null
	if opening != null:
		opening.fail(error)
