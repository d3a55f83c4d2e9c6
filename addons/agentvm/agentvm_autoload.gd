@tool
extends AgentVMManager
## The autoload [code]AgentVM[/code]: connects as the project settings say, and keeps idle agents ready.
##
## It is also found as the child [code]AgentVMManager[/code] of the root, where games of the first plugin
## look for it.

const Backoff = preload("native/backoff.gd")

var _is_topping_up: bool = false
var _is_full: bool = false
var _keeps_idle: bool = false


func _enter_tree() -> void:
	if Engine.is_editor_hint():
		return
	name = &"AgentVMManager"


func _ready() -> void:
	super()
	if Engine.is_editor_hint():
		return
	connection_status_changed.connect(_on_connection_status_changed)
	agent_state_changed.connect(_on_agent_state_changed)
	agent_removed.connect(_on_agent_removed)
	if Settings.read_flag(Settings.AUTO_CONNECT):
		_connect_by_itself.call_deferred()


func _connect_by_itself() -> void:
	var attempt: int = 0
	while is_inside_tree() and connection_state == "disconnected" and not _is_alone_no_more():
		if await connect_to_api():
			return
		if not is_inside_tree() or last_error == null or last_error.code == "cancelled":
			return
		if not last_error.retryable:
			push_warning("AgentVM: %s" % last_error)
			return
		var wait_seconds: float = 0.5 + Backoff.full_jitter(attempt) / 1000.0
		attempt += 1
		await get_tree().create_timer(wait_seconds).timeout


func _is_alone_no_more() -> bool:
	# A scene with a manager of its own would have two games otherwise.
	return get_tree().get_nodes_in_group(&"agentvm_managers").size() > 1


func _on_connection_status_changed(connected: bool) -> void:
	_is_full = false
	_keeps_idle = connected and Settings.read_flag(Settings.AUTO_SPAWN)
	if _keeps_idle:
		_top_up.call_deferred()


func _on_agent_state_changed(_agent_id: String, _state: String, _previous_state: String) -> void:
	if _keeps_idle:
		_top_up.call_deferred()


func _on_agent_removed(_agent_id: String) -> void:
	_is_full = false
	if _keeps_idle:
		_top_up.call_deferred()


func _top_up() -> void:
	if _is_topping_up:
		return
	_is_topping_up = true
	var wanted: int = Settings.read_integer(Settings.MINIMUM_IDLE)
	while is_connected_to_api() and not _is_full and _link.mirror.idle_count() < wanted:
		# Past the server's limit, or refused: no more until an agent goes or the connection is new.
		_is_full = (await create_agent()).is_empty()
	_is_topping_up = false
