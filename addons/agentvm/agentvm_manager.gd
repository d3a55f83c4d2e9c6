@tool
@icon("res://addons/agentvm/icon.svg")
class_name AgentVMManager
extends Node
## Gives a game AI coding agents: creates them, hands them tasks, and tells what they do.
##
## Off the web it speaks to an AgentVM server (start one with [code]npx oligarchy-agentvm serve[/code]). In a web
## export it uses the TypeScript SDK in the page, and with the endpoint [code]mock://[/code] the whole
## backend runs there too, with no server at all. A game is written once:
## [codeblock]
## var agents := AgentVMManager.new()
## add_child(agents)
## if not await agents.connect_to_api():
##     print(agents.last_error)
##     return
## var agent_id: String = await agents.create_agent("aider")
## var task_id: String = await agents.assign_task(agent_id, "Fix the player movement bug", "debugging")
## agents.task_completed.connect(func(id: String, output: String) -> void: print(id, ": ", output))
## [/codeblock]
## The autoload [code]AgentVM[/code] is such a manager, made and connected by the addon.
## [br][br]
## A call that fails returns an empty value ([code]""[/code], [code][][/code], [code]false[/code] or
## [code]{}[/code]), sets [member last_error] and emits [signal request_failed]. It never stops the caller.
## Each call is a coroutine: [code]await[/code] it. A call has returned before the events that it causes
## are emitted. When the manager is freed or leaves the scene tree, every waiting call ends with the
## error code [code]cancelled[/code].

## An agent of the game was created. [param agent] is as the wire has it: [code]id, type, name, color,
## position, state, capabilities[/code] and more.
@warning_ignore("unused_signal")
signal agent_created(agent: Dictionary)
## An agent does something else now: [code]idle, thinking, coding, speaking, moving, collaborating, waiting[/code]
## (for an answer) or [code]error[/code].
@warning_ignore("unused_signal")
signal agent_state_changed(agent_id: String, state: String, previous_state: String)
## An agent is somewhere else now. Of moves in quick succession only the latest may be told, so this comes less often
## than positions are sent.
signal agent_moved(agent_id: String, position: Vector3)
## A position that [method queue_agent_position] or [method move_agents] was given came to nothing; [param error] says
## why. Of positions that are queued it is told once for each agent, and not again before one of its positions was taken.
## What is lost with the connection is not told: it goes out again once the connection is back.
signal agent_move_failed(agent_id: String, error: AgentVMError)
## An agent is gone.
@warning_ignore("unused_signal")
signal agent_removed(agent_id: String)
## A task was given to an agent; [param agent_id] is empty while none is free for it.
@warning_ignore("unused_signal")
signal task_assigned(task_id: String, agent_id: String)
## An agent has begun a task.
@warning_ignore("unused_signal")
signal task_started(task_id: String, prompt: String)
## A task went on: [param progress] is between 0 and 1. [method get_known_task] has its message.
@warning_ignore("unused_signal")
signal task_progress(task_id: String, progress: float)
## A task wrote a line of its output while [method watch_output] watches it; [param stream] is [code]stdout[/code] or
## [code]stderr[/code].
signal task_output(task_id: String, text: String, stream: String)
## An agent asks the player something, and waits until [method answer_question] answers it or its time is over.
## [param question] is as the wire has it: [code]question_id, kind, text, options[/code] (each [code]id, label[/code] and
## perhaps [code]hint[/code]), [code]about[/code] (null, or [code]tool, title[/code] and perhaps [code]path, command,
## diff[/code]), [code]asked_at, expires_at[/code].
@warning_ignore("unused_signal")
signal question_asked(task_id: String, agent_id: String, question: Dictionary)
## A question is closed. [param answer] is the id of the option or the words, and empty where nobody answered;
## [param by] is [code]player[/code], [code]time[/code] (it ran out) or [code]worker[/code] (it was withdrawn).
@warning_ignore("unused_signal")
signal question_answered(task_id: String, question_id: String, answer: String, by: String)
## What a task has changed was accepted or discarded: [param changes] has it in [code]review[/code].
@warning_ignore("unused_signal")
signal work_reviewed(task_id: String, changes: Dictionary)
## A task was done; [param output] is what the agent wrote.
@warning_ignore("unused_signal")
signal task_completed(task_id: String, output: String)
## A task came to nothing; [param error] says why.
signal task_failed(task_id: String, error: String)
## A task was called off.
@warning_ignore("unused_signal")
signal task_cancelled(task_id: String, reason: String)
## Every task of a team is over.
@warning_ignore("unused_signal")
signal team_completed(team_id: String, task_ids: Array[String], succeeded: int, failed: int)
## A scene of the game was described anew.
@warning_ignore("unused_signal")
signal scene_updated(scene_id: String, revision: int)
## The connection was made or lost. While it is lost the manager tries to get it back by itself;
## [member connection_state] says how it stands.
signal connection_status_changed(connected: bool)
## Events were missed for good, since the server restarted or the connection was away too long.
## [param agents] are the game's agents as they are now.
signal events_lost(agents: Array[Dictionary])
## A call failed; [member AgentVMError.operation] says which.
signal request_failed(error: AgentVMError)
## Any event, as the wire has it: [code]type, epoch, seq, timestamp, game_id, data[/code]. Emitted after the
## signal of its own, and also for types that this addon does not know yet.
signal event_received(event: Dictionary)

const Announcement = preload("core/announcement.gd")
const Failures = preload("core/failures.gd")
const Link = preload("core/link.gd")
const NativeTransport = preload("native/native_transport.gd")
const OldCalls = preload("core/old_calls.gd")
const Request = preload("core/request.gd")
const Settings = preload("core/settings.gd")
const Transport = preload("core/transport.gd")
const WebTransport = preload("web/web_transport.gd")
const Wire = preload("core/wire.gd")

## The version of the addon, the same as the npm package's.
const VERSION: String = "0.1.0"
## Calls that may wait at the same time; one more fails with [code]too_many_calls[/code].
const CALLS_MAX: int = Link.CALLS_MAX
## Agents whose position may wait to be sent.
const QUEUED_POSITIONS_MAX: int = Link.PositionQueue.AGENTS_MAX
## Members of a team, at the least and at the most.
const TEAM_SIZE_MIN: int = 2
const TEAM_SIZE_MAX: int = 10
## Items a page of a list.
const PAGE_LIMIT: int = Link.PAGE_LIMIT
## Items that a list is followed to.
const LIST_MAX: int = Link.LIST_MAX

## Why the last call failed; null when it did not.
var last_error: AgentVMError = null
## How the connection stands: [code]disconnected, connecting, connected, reconnecting[/code], or
## [code]stopped[/code] when trying again is of no use.
var connection_state: String = "disconnected"
## The game's id. Set it before [method connect_to_api] to take up an earlier game; the server makes one
## otherwise, and it is here after connecting.
var game_id: String = ""
## Whether the game stays on the server when its session ends, with its agents and their tasks; they go half a minute
## later otherwise. Set it before [method connect_to_api], or the project setting
## [code]agentvm/connection/keep[/code]. Whoever wants to find the game again keeps its [member game_id].
var keep: bool = false
## The limits that the server told at connect, such as [code]max_agents[/code].
var limits: Dictionary = {}
## What answers: [code]name, version, features[/code].
var server: Dictionary = {}
## Address of the server, used when [method connect_to_api] is given none.
## @deprecated: Set the project setting [code]agentvm/connection/endpoint[/code].
var api_url: String = ""
## Key for the server, used when [method connect_to_api] is given none.
## @deprecated: Set the project setting [code]agentvm/connection/api_key[/code].
var api_key: String = ""
## Type of agent, used when [method run_agent] and [method create_agent] are given none.
## @deprecated: Set the project setting [code]agentvm/agents/default_type[/code].
var default_agent: String = ""
## Seconds that a task of [method run_agent] may take; 0 leaves it to the server.
## @deprecated: Give [method assign_task] the option [code]timeout[/code].
var default_timeout: int = 0

var _link: Link = Link.new(is_inside_tree, _new_transport)
var _old_calls: OldCalls = OldCalls.new()
var _is_reported_connected: bool = false


func _init() -> void:
	process_mode = Node.PROCESS_MODE_ALWAYS
	_link.opened.connect(_on_opened)
	_link.state_changed.connect(_on_state_changed)
	_link.event_told.connect(_on_event_told)
	_link.output.written.connect(_on_output_written)
	_link.output.ended.connect(_on_output_ended)
	_link.events_lost.connect(_on_events_lost)
	_link.positions.refused.connect(_tell_refused_move.bind("queue_agent_position"))


func _ready() -> void:
	add_to_group(&"agentvm_managers")


func _process(_delta: float) -> void:
	_link.poll()


func _exit_tree() -> void:
	# A node that only changes its parent is back within the same frame.
	_close_if_outside.call_deferred()


func _notification(what: int) -> void:
	match what:
		NOTIFICATION_PREDELETE:
			_link.leave_at_once(Failures.cancelled("The manager was freed."))
		NOTIFICATION_APPLICATION_RESUMED, NOTIFICATION_APPLICATION_FOCUS_IN:
			_link.wake()


func _get(property: StringName) -> Variant:
	# The first plugin had a variable of this name; a script variable would hide Object's method.
	if property == &"is_connected":
		_old_calls.warn("is_connected", "is_connected_to_api()")
		return is_connected_to_api()
	return null


## Connects to a server, or with [code]"mock://"[/code] to the backend that is embedded in a web export.
## Empty arguments take the project settings. Returns whether it worked. Connecting again to the same place
## changes nothing; to another place, it ends the old connection first.
func connect_to_api(endpoint: String = "", key: String = "") -> bool:
	if not is_inside_tree():
		return _refuse("connect_to_api", Failures.not_in_tree())
	var error: AgentVMError = await _link.open(_connect_options(endpoint, key))
	if error != null:
		return _refuse("connect_to_api", error)
	last_error = null
	return true


## Ends the session and the connection. The server removes the game's agents half a minute later, unless [member keep]
## was set. Every waiting call ends with the error code [code]cancelled[/code].
func disconnect_from_api() -> void:
	await _link.leave(Failures.cancelled("The manager was disconnected."))


## Whether the manager is connected now. While it is not, a call fails, or is tried again for a while.
func is_connected_to_api() -> bool:
	return connection_state == "connected"


## Creates an agent and returns its id. An empty [param agent_type] takes the project's default.
## [param options] may have [code]name, position[/code] (a [Vector3] or x, y, z), [code]scene_id,
## metadata[/code].
func create_agent(agent_type: String = "", options: Dictionary = {}) -> String:
	var body: Dictionary = _body(options)
	body["agent_type"] = _default_type() if agent_type.is_empty() else agent_type
	var request: Request = _link.make("agentCreate", {}, {}, body)
	request.creates = true
	await _run("create_agent", request)
	var agent: Dictionary = Wire.object(request.fields().get("agent"))
	return Wire.text(agent.get("id"))


## How an agent is now, as the wire has it.
func get_agent(agent_id: String) -> Dictionary:
	var request: Request = _link.make("agentGet", {"agent_id": agent_id})
	await _run("get_agent", request)
	return Wire.object(request.fields().get("agent"))


## The agents that fit [param filter]: [code]type, state, game_id, limit[/code], each may be left out.
func list_agents(filter: Dictionary = {}) -> Array[Dictionary]:
	return await _list("list_agents", "agentList", filter)


## The types of agent that can be created, with their names, colours and capabilities.
func list_agent_types() -> Array[Dictionary]:
	var request: Request = _link.make("agentTypes")
	await _run("list_agent_types", request)
	return request.items()


## Moves an agent and waits until the server has it. Where a newer position was there before, it fails with the code
## [code]outdated[/code]. For every frame use [method queue_agent_position].
func move_agent(agent_id: String, position: Variant, scene_id: String = "") -> bool:
	var body: Dictionary = {
		"position": Wire.to_position(position),
		"sequence": _link.next_sequence(),
		"client_id": _link.client_id,
	}
	if not scene_id.is_empty():
		body["scene_id"] = scene_id
	var request: Request = _link.make("agentMove", {"agent_id": agent_id}, {}, body)
	request.subjects = [agent_id]
	await _run("move_agent", request)
	if request.error != null:
		return false
	return request.fields().get("applied") == true or _refuse("move_agent", Failures.outdated(agent_id))


## Moves many agents in one call: [param updates] are [code]agent_id, position, scene_id?[/code]. Returns the
## ids of those that were moved; each other one is told by [signal agent_move_failed], and is in [member last_error] if it
## was the last of them.
func move_agents(updates: Array[Dictionary]) -> Array[String]:
	var moves: Array[Dictionary] = []
	var ids: PackedStringArray = []
	for update: Dictionary in updates:
		var move: Dictionary = _body(update)
		move["sequence"] = _link.next_sequence()
		moves.append(move)
		ids.append(Wire.text(move.get("agent_id")))
	var body: Dictionary = {"updates": moves, "client_id": _link.client_id}
	var request: Request = _link.make("agentMoveMany", {}, {}, body)
	request.subjects = ids
	await _run("move_agents", request)
	var answer: Dictionary = request.fields()
	for entry: Dictionary in Wire.objects(answer.get("outdated")):
		var id: String = Wire.text(entry.get("agent_id"))
		last_error = _tell_refused_move(id, Failures.outdated(id), "move_agents")
	for entry: Dictionary in Wire.objects(answer.get("failed")):
		var id: String = Wire.text(entry.get("agent_id"))
		last_error = _tell_refused_move(id, Failures.of_move(id, entry), "move_agents")
	return Wire.texts(answer.get("applied"))


## Tells where an agent is without waiting: for characters that walk. Positions go out together,
## [code]agentvm/display/update_frequency[/code] times a second, the latest of each agent alone.
## [signal agent_move_failed] tells of those that came to nothing.
func queue_agent_position(agent_id: String, position: Variant, scene_id: String = "") -> void:
	_link.positions.queue.put(agent_id, position, scene_id)


## Removes an agent; its running task is cancelled first.
func remove_agent(agent_id: String) -> bool:
	var request: Request = _link.make("agentRemove", {"agent_id": agent_id})
	request.subjects = [agent_id]
	await _run("remove_agent", request)
	return request.error == null


## Gives a task to an agent and returns the task's id. An empty [param agent_id] takes the best idle agent.
## [param options] may have [code]preferred_type, priority[/code] (0 to 100), [code]timeout[/code]
## (seconds), [code]metadata[/code] and [code]continues[/code]: the id of the task whose conversation this one goes on
## with, by the same agent where [param agent_id] is empty.
func assign_task(
	agent_id: String,
	prompt: String,
	task_type: String = "general",
	options: Dictionary = {},
) -> String:
	var body: Dictionary = _body(options)
	body["prompt"] = prompt
	body["task_type"] = task_type
	if not agent_id.is_empty():
		body["agent_id"] = agent_id
	if body.get("continues") is String:
		body["continues"] = _old_calls.server_id(str(body["continues"]))
	var request: Request = _link.make("taskAssign", {}, {}, body)
	request.creates = true
	if not agent_id.is_empty():
		request.subjects = [agent_id]
	_check_prompt(request, prompt)
	await _run("assign_task", request)
	return Wire.text(request.fields().get("task_id"))


## Gives one piece of work to a team of [param team_size] agents (2 to 10) and returns the ids of their
## tasks. Members that are missing are created while there is room. [param options] may have [code]task_type, preferred_types, priority, timeout[/code].
func assign_collaborative_task(
	prompt: String,
	team_size: int = 2,
	options: Dictionary = {},
) -> Array[String]:
	var body: Dictionary = _body(options)
	body["prompt"] = prompt
	body["team_size"] = team_size
	var request: Request = _link.make("teamAssign", {}, {}, body)
	request.creates = true
	_check_prompt(request, prompt)
	if team_size < TEAM_SIZE_MIN or team_size > TEAM_SIZE_MAX:
		var range_text: String = "team_size must be between %d and %d." % [TEAM_SIZE_MIN, TEAM_SIZE_MAX]
		request.fail(Failures.invalid(range_text))
	await _run("assign_collaborative_task", request)
	return Wire.texts(request.fields().get("task_ids"))


## How a task stands, with its result when it is over and who does it in [code]work[/code], such as
## [code]simulated[/code], which a server from before it was told leaves out.
func get_task_status(task_id: String) -> Dictionary:
	var request: Request = _link.make("taskGet", {"task_id": _old_calls.server_id(task_id)})
	await _run("get_task_status", request)
	return request.fields()


## The tasks that fit [param filter]: [code]agent_id, team_id, status, game_id, limit[/code], each may be
## left out.
func list_tasks(filter: Dictionary = {}) -> Array[Dictionary]:
	return await _list("list_tasks", "taskList", filter)


## What a task has written up to now, without waiting for more: [code]text, lines[/code] (each
## [code]offset, stream, text[/code]), [code]next_offset[/code] to go on from, [code]done[/code] and
## [code]status[/code], which is empty until the task is over.
func get_task_output(task_id: String, offset: int = 0) -> Dictionary:
	var request: Request = _link.make("taskOutput", {"task_id": _old_calls.server_id(task_id)}, {"offset": offset})
	if offset < 0:
		request.fail(Failures.invalid("offset must be at least 0."))
	await _run("get_task_output", request)
	return request.fields()


## Calls a task off. Fails when it is over already.
func cancel_task(task_id: String, reason: String = "") -> bool:
	var body: Dictionary = {} if reason.is_empty() else {"reason": reason}
	var id: String = _old_calls.server_id(task_id)
	var request: Request = _link.make("taskCancel", {"task_id": id}, {}, body)
	request.subjects = [id]
	await _run("cancel_task", request)
	return request.error == null


## Answers the question that a task has open: with the id of one of its options, or with words where it has none.
## Give [param question_id] where another question may have come meanwhile. A question that is closed is refused with the
## code [code]no_such_question[/code], and the message says what became of it.
func answer_question(task_id: String, choice_or_text: String, question_id: String = "") -> bool:
	var id: String = _old_calls.server_id(task_id)
	var question: Dictionary = Wire.object(_link.mirror.tasks.get(id, {}).get("question"))
	if question.is_empty() and question_id.is_empty():
		var status: Request = _link.make("taskGet", {"task_id": id})
		await _link.run(status)
		if status.error != null:
			return _refuse("answer_question", status.error)
		question = Wire.object(status.fields().get("question"))
		if question.is_empty():
			return _refuse("answer_question", Failures.no_question(task_id, _link.mirror.tasks.get(id, {})))
	var asked: String = Wire.text(question.get("question_id")) if question_id.is_empty() else question_id
	var takes_choice: bool = Wire.is_id(choice_or_text)
	if question.get("question_id") == asked:
		takes_choice = not Wire.objects(question.get("options")).is_empty()
	var body: Dictionary = {"question_id": asked, "choice" if takes_choice else "text": choice_or_text}
	var request: Request = _link.make("taskAnswer", {"task_id": id}, {}, body)
	request.subjects = [id]
	await _run("answer_question", request)
	return request.error == null


## What a task has changed, as a unified diff. A task that changed nothing is refused with [code]no_changes[/code].
func get_diff(task_id: String) -> String:
	var request: Request = _link.make("taskDiff", {"task_id": _old_calls.server_id(task_id)})
	await _run("get_diff", request)
	return Wire.text(request.value)


## Takes in what a task has changed. It fails with [code]merge_conflict[/code] where that does not fit any more, and
## nothing is changed then; [member AgentVMError.detail] names the files.
func accept_work(task_id: String, message: String = "") -> bool:
	return await _review("accept_work", task_id, "accept", message)


## Throws away what a task has changed. The first review counts: another one is refused with
## [code]already_reviewed[/code].
func discard_work(task_id: String, message: String = "") -> bool:
	return await _review("discard_work", task_id, "discard", message)


## Waits until a task is over and returns it as [method get_known_task] does; an empty one where its end cannot be known.
func wait_for_task(task_id: String) -> Dictionary:
	var wait: Request = await _link.wait_for_task(_old_calls.server_id(task_id))
	if wait.error != null:
		_report("wait_for_task", wait.error)
	return wait.fields().duplicate(true)


## Watches what a task writes: [signal task_output] tells each line, from the first one, until the task is over or
## [method unwatch_output] is called. At most 32 tasks are watched at the same time. Returns whether it is watched.
func watch_output(task_id: String) -> bool:
	var error: AgentVMError = Failures.not_connected()
	if _link.transport != null:
		error = _link.output.begin(_old_calls.server_id(task_id))
	return error == null or _refuse("watch_output", error)


## Watches what a task writes no more.
func unwatch_output(task_id: String) -> void:
	_link.output.end(_old_calls.server_id(task_id))


## A task with its fields and calls as an object; it need not be known here yet.
func as_task(task_id: String) -> AgentVMTask:
	return AgentVMTask.new(self, task_id)


## An agent with its fields and calls as an object; it need not be known here yet.
func as_agent(agent_id: String) -> AgentVMAgent:
	return AgentVMAgent.new(self, agent_id)


## Describes a scene: [param scene] may have [code]name, bounds[/code] (min and max), [code]spawn_points,
## workspaces[/code] (each id and position) and [code]metadata[/code]. Returns its new
## [code]revision[/code] among others.
func update_scene(scene_id: String, scene: Dictionary = {}) -> Dictionary:
	var body: Dictionary = _body(scene)
	if not body.has("game_id"):
		body["game_id"] = game_id
	var request: Request = _link.make("sceneUpdate", {"scene_id": scene_id}, {}, body)
	request.subjects = [scene_id]
	await _run("update_scene", request)
	return request.fields()


## The game's agents, read from the server. [method get_known_agents] asks nobody.
func get_game_agents(of_game_id: String = "") -> Array[Dictionary]:
	var id: String = game_id if of_game_id.is_empty() else of_game_id
	var request: Request = _link.make("gameAgents", {"game_id": id})
	await _run("get_game_agents", request)
	return Wire.objects(request.fields().get("agents"))


## Whether the server is well: [code]status, service, version, timestamp[/code].
func get_health() -> Dictionary:
	var request: Request = _link.make("health")
	await _run("get_health", request)
	return request.fields()


## How the server is doing: counts of agents and tasks, rates and times.
func get_system_status() -> Dictionary:
	var request: Request = _link.make("systemStatus")
	await _run("get_system_status", request)
	return Wire.object(request.fields().get("status"))


## An agent as events and answers told it, without asking the server; empty when it is not known.
func get_known_agent(agent_id: String) -> Dictionary:
	var none: Dictionary = {}
	return _link.mirror.agents.get(agent_id, none).duplicate(true)


## Every agent of the game as events and answers told it, without asking the server.
func get_known_agents() -> Array[Dictionary]:
	var agents: Array[Dictionary] = []
	for agent_id: String in _link.mirror.agents:
		agents.append(_link.mirror.agents[agent_id].duplicate(true))
	return agents


## A task as events and answers told it, with [code]status, progress, message, agent_id[/code], without
## asking the server; empty when it is not known. Answers alone tell its [code]work[/code]. Its [code]question[/code] is
## the open one or null, its [code]changes[/code] are there once it is over.
func get_known_task(task_id: String) -> Dictionary:
	var id: String = _old_calls.server_id(task_id)
	var none: Dictionary = {}
	return _link.mirror.tasks.get(id, none).duplicate(true)


## The last tasks as events and answers told them, oldest first, without asking the server.
func get_known_tasks() -> Array[Dictionary]:
	var tasks: Array[Dictionary] = []
	for task_id: String in _link.mirror.tasks:
		tasks.append(_link.mirror.tasks[task_id].duplicate(true))
	return tasks


## The [Vector3] of a position of the wire, such as an agent's [code]position[/code].
static func to_vector3(position: Variant) -> Vector3:
	return Wire.to_vector(position)


## Gives a task to an agent of a type and returns at once with an id that the signals carry.
## @deprecated: Use [method assign_task].
func run_agent(prompt: String, agent: String = "", repo_path: String = "") -> String:
	_old_calls.warn("run_agent()", "assign_task()")
	if not is_connected_to_api():
		_refuse("run_agent", Failures.not_connected())
		return ""
	var id: String = _old_calls.new_id()
	_run_old.call_deferred(id, prompt, agent, repo_path)
	return id


## The ids of the tasks that are not over.
## @deprecated: Use [method get_known_tasks].
func get_active_tasks() -> Array[String]:
	_old_calls.warn("get_active_tasks()", "get_known_tasks()")
	var ids: Array[String] = []
	for task_id: String in _link.mirror.task_ids(false):
		ids.append(_old_calls.shown_id(task_id))
	return ids


## The last tasks that are over, newest first.
## @deprecated: Use [method get_known_tasks] or [method list_tasks].
func get_task_history(limit: int = 10) -> Array[Dictionary]:
	_old_calls.warn("get_task_history()", "get_known_tasks()")
	var history: Array[Dictionary] = []
	for task_id: String in _link.mirror.task_ids(true):
		history.push_front(get_known_task(task_id))
	return history.slice(0, maxi(0, limit))


func _new_transport() -> Transport:
	if OS.has_feature("web"):
		return WebTransport.new()
	return NativeTransport.new()


func _connect_options(endpoint: String, key: String) -> Dictionary:
	var address: String = endpoint if not endpoint.is_empty() else api_url
	var own: String = Settings.endpoint()
	var secret: String = key if not key.is_empty() else api_key
	var seconds: float = maxf(0.5, Settings.read_number(Settings.TIMEOUT_SECONDS))
	return {
		"endpoint": address if not address.is_empty() else own,
		"websocket_url": Settings.read_text(Settings.WEBSOCKET_URL) if address in ["", own] else "",
		"api_key": secret if not secret.is_empty() else Settings.api_key(),
		"environment": Settings.read_text(Settings.ENVIRONMENT),
		"timeout_ms": int(seconds * 1000.0),
		"update_frequency": clampf(Settings.read_number(Settings.UPDATE_FREQUENCY), 1.0, 60.0),
		"game": _game(),
	}


func _game() -> Dictionary:
	var game: Dictionary = {
		"engine": "godot",
		"engine_version": Wire.text(Engine.get_version_info().get("string")).left(80),
		"sdk_version": "addon %s" % VERSION,
	}
	var title: String = Wire.text(ProjectSettings.get_setting("application/config/name", ""))
	if not title.strip_edges().is_empty():
		game["game_name"] = title.left(120)
	if not game_id.is_empty():
		game["game_id"] = game_id
	# Left out otherwise: a game that another program keeps is not given up by one that only joins it.
	if keep or Settings.read_flag(Settings.KEEP):
		game["keep"] = true
	return game


func _run(operation: String, request: Request) -> void:
	await _link.run(request)
	_note(operation, request)


func _review(operation: String, task_id: String, verdict: String, message: String) -> bool:
	var id: String = _old_calls.server_id(task_id)
	var body: Dictionary = {"verdict": verdict}
	if not message.is_empty():
		body["message"] = message
	var request: Request = _link.make("taskReview", {"task_id": id}, {}, body)
	# A server waits for whoever carries it out, up to a minute.
	request.timeout_ms = maxi(request.timeout_ms, Link.REVIEW_MS)
	request.subjects = [id]
	await _run(operation, request)
	return request.error == null


func _list(operation: String, route: String, filter: Dictionary) -> Array[Dictionary]:
	var request: Request = await _link.run_list(route, filter)
	_note(operation, request)
	return request.items()


func _note(operation: String, request: Request) -> void:
	if request.error != null:
		_report(operation, request.error)
	else:
		last_error = null


func _report(operation: String, error: AgentVMError) -> void:
	error.operation = operation
	last_error = error
	request_failed.emit(error)


func _refuse(operation: String, error: AgentVMError) -> bool:
	_report(operation, error)
	return false


func _body(options: Dictionary) -> Dictionary:
	var body: Dictionary = options.duplicate()
	if body.has("position"):
		body["position"] = Wire.to_position(body["position"])
	return body


func _check_prompt(request: Request, prompt: String) -> void:
	if prompt.strip_edges().is_empty():
		request.fail(Failures.invalid("prompt must not be blank."))


func _default_type() -> String:
	return Settings.default_type() if default_agent.is_empty() else default_agent


func _close_if_outside() -> void:
	if not is_inside_tree():
		_link.leave_at_once(Failures.cancelled("The manager has left the scene tree."))


func _on_opened() -> void:
	last_error = null


func _on_state_changed(state: String, reason: AgentVMError) -> void:
	if _link.transport != null and state != "connecting":
		game_id = _link.transport.game_id
		limits = _link.transport.limits
		server = _link.transport.server
	connection_state = state
	var connected: bool = state == "connected"
	if connected != _is_reported_connected:
		_is_reported_connected = connected
		connection_status_changed.emit(connected)
	if reason != null:
		_report("connection", reason)


func _tell_refused_move(agent_id: String, error: AgentVMError, operation: String) -> AgentVMError:
	error.operation = operation
	agent_move_failed.emit(agent_id, error)
	return error


func _on_events_lost() -> void:
	events_lost.emit(get_known_agents())


func _on_event_told(event: Dictionary) -> void:
	var type: String = Wire.text(event.get("type"))
	var data: Dictionary = Wire.object(event.get("data"))
	if type == "agent.moved":
		# Most events are moves: on the shortest way.
		agent_moved.emit(Wire.text(data.get("agent_id")), Wire.to_vector(data.get("position")))
	else:
		var announcement: Array = Announcement.of(type, data)
		if not announcement.is_empty():
			callv(&"emit_signal", _old_calls.translated(announcement))
	event_received.emit(event)


func _on_output_written(task_id: String, text: String, stream: String) -> void:
	task_output.emit(_old_calls.shown_id(task_id), text, stream)


func _on_output_ended(_task_id: String, error: AgentVMError) -> void:
	if error != null:
		_report("watch_output", error)


func _run_old(id: String, prompt: String, agent: String, repo_path: String) -> void:
	var type: String = _default_type() if agent.is_empty() else agent
	if not _link.mirror.has_type(type):
		await create_agent(type)
	var options: Dictionary = OldCalls.options(type, default_timeout, repo_path)
	var task_id: String = await assign_task("", prompt, "general", options)
	if task_id.is_empty():
		task_failed.emit(id, last_error.message if last_error != null else "")
	else:
		_old_calls.remember(id, task_id)
