@tool
extends RefCounted
## The live events of a game, over one WebSocket at a time: connects, resumes, answers pings, notices
## what is missing, and tries again for as long as that can help.

## Where the stream stands.
enum Phase {
	IDLE,
	## The game is being connected again.
	GAME,
	SOCKET,
	WELCOME,
	LIVE,
	## Events were lost: a snapshot is being taken, and what comes meanwhile is held back.
	RECOVERING,
	WAITING,
	STOPPED,
}

## An event is to be told.
signal event_received(event: Dictionary)
## The server says what came of a frame.
signal acknowledged(frame: Dictionary)
## Events were lost for good, and the snapshot has taken their place.
signal events_lost(agents: Array[Dictionary])
## The stream is live.
signal went_live
## The stream was live and is not.
signal went_away
## Trying again is of no use.
signal stopped(error: AgentVMError)
## The game has to be connected again: [method game_connected] or [method game_failed] answers.
signal game_needed
## A snapshot has to be taken: [method snapshot_taken] or [method snapshot_failed] answers.
signal snapshot_needed

const Backoff = preload("backoff.gd")
const StreamPlace = preload("stream_place.gd")
const Wire = preload("../core/wire.gd")

const PROTOCOL: int = 1
const WELCOME_MS: int = 10_000
## A connection that lasted this long was steady: the next failure is a first one again.
const STEADY_MS: int = 10_000
## After a wake, retries are spread over this many milliseconds.
const WAKE_SPREAD_MS: int = 250
## Events that are held back at the most, of an agent's moves the newest alone.
const HELD_MAX: int = 10_000
## Bytes of one frame at the most. The engine's own default of 64 kB would break on a long output.
const FRAME_MAX: int = 4_194_304
const PACKETS_MAX: int = 16_384
## So many frames that cannot be used, within so many milliseconds, end the connection.
const JUNK_MAX: int = 100
const JUNK_MS: int = 10_000

## Where the events come from.
var url: String = ""
## Goes into the first frame: [code]{"session_token": …}[/code] or [code]{"api_key": …}[/code].
var credentials: Dictionary = {}
## What to hear.
var subscription: Dictionary = {}
## Whether a session that is over can be replaced.
var can_connect_game: bool = true
## Where the stream stands.
var phase: Phase = Phase.IDLE

var _socket: WebSocketPeer = null
var _place: StreamPlace = StreamPlace.new()
var _welcome_epoch: String = ""
var _welcome_seq: int = 0
var _attempt: int = 0
var _has_renewed: bool = false
var _needs_game: bool = false
var _deadline: int = 0
var _retry_at: int = 0
var _live_since: int = 0
var _heard_at: float = 0.0
var _heartbeat_ms: int = 15_000
# By what they are of, in the order in which they came.
var _held: Dictionary[String, Dictionary] = {}
var _has_overflowed: bool = false
var _junk: int = 0
var _junk_since: int = 0
var _snapshot_attempt: int = 0
var _snapshot_at: int = -1


## Begins to listen.
func start() -> void:
	_connect()


## Ends it.
func close() -> void:
	phase = Phase.IDLE
	_drop()


## The network may be back: no more waiting.
func wake() -> void:
	if phase == Phase.WAITING:
		_retry_at = mini(_retry_at, Time.get_ticks_msec() + randi_range(0, WAKE_SPREAD_MS))


## Whether frames can be sent now.
func is_live() -> bool:
	return phase == Phase.LIVE


## Sends a frame, if the stream is live and there is room for it.
func send(text: String) -> bool:
	if phase != Phase.LIVE:
		return false
	return _socket.send_text(text) == OK


## The game is connected again, with new credentials.
func game_connected() -> void:
	if phase == Phase.GAME:
		_connect()


## The game could not be connected again.
func game_failed(error: AgentVMError) -> void:
	if phase != Phase.GAME:
		return
	if error.retryable:
		_wait(0)
		# What was needed is needed still.
		_needs_game = true
	else:
		_stop(error)


## The snapshot is there, taken at a place of the stream.
func snapshot_taken(agents: Array[Dictionary], epoch: String, seq: int) -> void:
	if phase != Phase.RECOVERING:
		return
	if epoch != _welcome_epoch:
		_lose(true, 0)
		return
	_place.go_to(epoch, seq)
	var held: Array[Dictionary] = _held.values()
	var overflowed: bool = _has_overflowed
	_held = {}
	phase = Phase.LIVE
	events_lost.emit(agents)
	if phase == Phase.LIVE:
		went_live.emit()
	var changed: Dictionary[String, String] = {}
	for agent: Dictionary in agents:
		changed[Wire.text(agent.get("id"))] = Wire.text(agent.get("updated_at"))
	for frame: Dictionary in held:
		if phase != Phase.LIVE:
			break
		if frame.has("prev"):
			_take(frame)
		elif not _is_in_snapshot(frame, seq, changed):
			event_received.emit(frame)
	if overflowed and phase == Phase.LIVE:
		_lose(true, 0)


## The snapshot of a stream without a place of its own: it goes on from the welcome.
func snapshot_taken_at_welcome(agents: Array[Dictionary]) -> void:
	snapshot_taken(agents, _welcome_epoch, _welcome_seq)


## The snapshot could not be had: once more, after a while.
func snapshot_failed() -> void:
	if phase == Phase.RECOVERING:
		_snapshot_at = Time.get_ticks_msec() + Backoff.full_jitter(_snapshot_attempt)
		_snapshot_attempt += 1


## Moves everything on.
func poll() -> void:
	match phase:
		Phase.WAITING:
			if Time.get_ticks_msec() >= _retry_at:
				_connect()
		Phase.SOCKET, Phase.WELCOME, Phase.LIVE, Phase.RECOVERING:
			_poll_socket()
			_look_at_clock()


func _connect() -> void:
	_drop()
	if _needs_game:
		_needs_game = false
		phase = Phase.GAME
		game_needed.emit()
		return
	phase = Phase.SOCKET
	_deadline = Time.get_ticks_msec() + WELCOME_MS
	_place.begin()
	_socket = WebSocketPeer.new()
	_socket.inbound_buffer_size = FRAME_MAX
	_socket.outbound_buffer_size = FRAME_MAX
	_socket.max_queued_packets = PACKETS_MAX
	if _socket.connect_to_url(url) != OK:
		_lose(false, 0)


func _poll_socket() -> void:
	var socket: WebSocketPeer = _socket
	socket.poll()
	while socket == _socket and socket.get_available_packet_count() > 0:
		var packet: PackedByteArray = socket.get_packet()
		_heard_at = Time.get_unix_time_from_system()
		if socket.was_string_packet():
			_receive(Wire.decode_object(packet.get_string_from_utf8()))
		else:
			_receive({})
	if socket != _socket:
		return
	match socket.get_ready_state():
		WebSocketPeer.STATE_OPEN:
			if phase == Phase.SOCKET:
				_greet()
		WebSocketPeer.STATE_CLOSED:
			_obey(socket.get_close_code(), socket.get_close_reason())


func _look_at_clock() -> void:
	if phase == Phase.WELCOME or phase == Phase.SOCKET:
		if Time.get_ticks_msec() >= _deadline:
			_lose(false, 0)
	elif phase == Phase.LIVE or phase == Phase.RECOVERING:
		# By wall clock, so that a sleep shows as well as a dead network.
		var silence_ms: float = (Time.get_unix_time_from_system() - _heard_at) * 1000.0
		if silence_ms >= 2.0 * _heartbeat_ms:
			_lose(true, 0)
			return
	if phase == Phase.RECOVERING and _snapshot_at >= 0 and Time.get_ticks_msec() >= _snapshot_at:
		_snapshot_at = -1
		snapshot_needed.emit()


func _greet() -> void:
	phase = Phase.WELCOME
	var hello: Dictionary = {"type": "hello", "protocol": PROTOCOL, "subscribe": subscription}
	hello.merge(credentials)
	if _place.is_known():
		hello["resume"] = {"epoch": _place.epoch, "seq": _place.seq}
	_socket.send_text(Wire.encode(hello, []))


func _receive(frame: Dictionary) -> void:
	var type: String = Wire.text(frame.get("type"))
	match type:
		"":
			_place.garble()
			_count_junk()
		"ping":
			# A server that asks without reading would fill this side's memory with answers.
			if _socket.get_current_outbound_buffered_amount() < FRAME_MAX >> 2:
				_socket.send_text(Wire.encode({"type": "pong", "t": frame.get("t", 0)}, []))
		"welcome":
			if phase == Phase.WELCOME:
				_welcome(frame)
		"latest":
			_take_beside(frame)
		"ack":
			acknowledged.emit(frame)
		_:
			if phase == Phase.LIVE:
				_take(frame)
			elif phase == Phase.RECOVERING:
				_hold("at %s" % frame.get("seq"), frame)


func _welcome(frame: Dictionary) -> void:
	if Wire.integer(frame.get("protocol")) != PROTOCOL:
		var message: String = "The server speaks another version of the event stream."
		_stop(AgentVMError.create("invalid_answer", message, "Use an addon and a server of like versions."))
		return
	_welcome_epoch = Wire.text(frame.get("epoch"))
	_welcome_seq = Wire.integer(frame.get("seq"))
	_heartbeat_ms = clampi(Wire.integer(frame.get("heartbeat_ms"), 15_000), 10, 600_000)
	_live_since = Time.get_ticks_msec()
	var is_first: bool = not _place.is_known()
	var is_whole: bool = frame.get("recovered") == true and not _place.is_given_up()
	if is_first:
		_place.go_to(_welcome_epoch, _welcome_seq)
	if is_first or (is_whole and _place.epoch == _welcome_epoch):
		phase = Phase.LIVE
		went_live.emit()
		return
	phase = Phase.RECOVERING
	_held = {}
	_has_overflowed = false
	_snapshot_attempt = 0
	_snapshot_at = -1
	snapshot_needed.emit()


func _take(frame: Dictionary) -> void:
	match _place.take(frame):
		StreamPlace.Fit.NEXT:
			frame.erase("prev")
			event_received.emit(frame)
		StreamPlace.Fit.NOTHING when not frame.get("seq") is int:
			_count_junk()
		StreamPlace.Fit.GAP:
			_lose(true, 0)


## Takes moves, which stand beside the stream: they have the place of the event before them, and use up none.
func _take_beside(frame: Dictionary) -> void:
	if not frame.get("events") is Array:
		_count_junk()
		return
	for event: Dictionary in Wire.objects(frame["events"]):
		if not event.get("seq") is int or not event.get("type") is String:
			_count_junk()
		elif phase == Phase.LIVE:
			event_received.emit(event)
		elif phase == Phase.RECOVERING and event["type"] == "agent.moved":
			_hold("of %s" % Wire.object(event.get("data")).get("agent_id"), event)


## Whether a snapshot, taken at a place at which its agents had been [param changed] last at these times, has a move already.
func _is_in_snapshot(move: Dictionary, seq: int, changed: Dictionary[String, String]) -> bool:
	if move["seq"] != seq:
		return move["seq"] < seq
	var agent_id: String = Wire.text(Wire.object(move.get("data")).get("agent_id"))
	return changed.has(agent_id) and Wire.text(move.get("timestamp")) < changed[agent_id]


## Lets go of a server that sends a lot that cannot be used, and comes back after a while.
func _count_junk() -> void:
	var now: int = Time.get_ticks_msec()
	if now - _junk_since > JUNK_MS:
		_junk_since = now
		_junk = 0
	_junk += 1
	if _junk >= JUNK_MAX:
		_junk = 0
		push_warning("AgentVM: the event stream sent %d frames that cannot be used, and was closed." % JUNK_MAX)
		_lose(false, 0)


func _hold(subject: String, frame: Dictionary) -> void:
	if _has_overflowed:
		return
	# The newest goes behind what happened before it.
	_held.erase(subject)
	if _held.size() >= HELD_MAX:
		_held = {}
		_has_overflowed = true
		return
	_held[subject] = frame


func _obey(code: int, reason: String) -> void:
	match code:
		4400, 4403:
			_stop(_refusal(code, reason))
		4401:
			if _has_renewed or not can_connect_game:
				_stop(_refusal(code, reason))
				return
			_has_renewed = true
			_needs_game = true
			_lose(true, 0)
		4410:
			if not can_connect_game:
				_stop(_refusal(code, reason))
				return
			_needs_game = true
			_lose(true, 0)
		4413:
			_lose(true, 0)
		1013, 4429:
			_lose(false, Backoff.BUSY_MS)
		_:
			_lose(false, 0)


func _refusal(code: int, reason: String) -> AgentVMError:
	var name: String = "bad_frame" if code == 4400 else "forbidden" if code == 4403 else "unauthorized"
	var told: String = reason if not reason.is_empty() else "no reason given"
	return AgentVMError.create(
		name,
		"The server ended the event stream for good with code %d: %s." % [code, told],
		"Check agentvm/connection/api_key, then call connect_to_api() again.",
	)


func _lose(at_once: bool, floor_ms: int) -> void:
	var was_live: bool = phase == Phase.LIVE or phase == Phase.RECOVERING
	if was_live and Time.get_ticks_msec() - _live_since >= STEADY_MS:
		_attempt = 0
		_has_renewed = false
	_drop()
	# At once only the first time: a server that refuses each connection in the same way is not hammered.
	if at_once and _attempt == 0:
		_attempt += 1
		phase = Phase.WAITING
		_retry_at = Time.get_ticks_msec()
	else:
		_wait(floor_ms)
	if was_live:
		went_away.emit()


func _wait(floor_ms: int) -> void:
	phase = Phase.WAITING
	var spread: int = randi_range(0, floor_ms)
	_retry_at = Time.get_ticks_msec() + floor_ms + maxi(spread, Backoff.full_jitter(_attempt))
	_attempt += 1


func _stop(error: AgentVMError) -> void:
	phase = Phase.STOPPED
	_drop()
	stopped.emit(error)


func _drop() -> void:
	_held = {}
	var socket: WebSocketPeer = _socket
	_socket = null
	if socket != null and socket.get_ready_state() == WebSocketPeer.STATE_OPEN:
		socket.close()
		socket.poll()
