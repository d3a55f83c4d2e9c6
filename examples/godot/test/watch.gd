extends Node
## Tells what is seen, what can be pressed and what happens, so that a test can play the game with mouse or finger:
## [code]?story=watch[/code].

const Crew = preload("../crew.gd")
const Hud = preload("../ui/hud.gd")

## Frames in which nothing of the dialog moves when it stands still.
const STILL_FRAMES: int = 4

var _hud: Hud = null
var _dialog: AgentTaskDialog = null
var _spawner: AgentSpawner = null
# Where buttons were in the frame before, and where they were told to be.
var _seen: Dictionary[String, Vector2] = {}
var _told: Dictionary[String, Vector2] = {}
# Frames since the dialog opened and anything in it moved; negative once that was told, and while it is closed.
var _opened_frames: int = -1
var _helpers: Dictionary[String, String] = {}


## Begins, once everybody has come in and stands still.
func run(hud: Hud, spawner: AgentSpawner, dialog: AgentTaskDialog) -> void:
	spawner.interaction_requested.connect(func(id: String) -> void: print("office: asks about ", _name_of(id)))
	AgentVM.task_started.connect(_on_task_started)
	AgentVM.question_asked.connect(_on_question_asked)
	dialog.opened.connect(func(_id: String) -> void: _opened_frames = 0)
	dialog.closed.connect(func() -> void: _opened_frames = -1)
	dialog.answered.connect(func(_id: String, answer: String) -> void: print("office: answered ", answer))
	dialog.reviewed.connect(func(_id: String, is_accepted: bool) -> void: print("office: accepted ", is_accepted))
	AgentVM.task_completed.connect(_on_task_completed)
	AgentVM.agent_created.connect(_on_agent_created)
	AgentVM.agent_removed.connect(_on_agent_removed)
	AgentVM.request_failed.connect(func(error: AgentVMError) -> void: print("office: failed ", error))
	while spawner.get_npcs().size() < Crew.START or _is_anybody_walking(spawner):
		await get_tree().process_frame
	tell_places(spawner)
	_hud = hud
	_dialog = dialog
	_spawner = spawner
	print("office: everybody waits")


## Tells where in the picture everybody stands who stands, and in which colour.
static func tell_places(spawner: AgentSpawner) -> void:
	var viewport: Viewport = spawner.get_viewport()
	for npc: AgentNPC3D in spawner.get_npcs():
		if not npc.is_walking():
			var middle: Vector2 = viewport.get_camera_3d().unproject_position(npc.to_global(Vector3(0.0, 0.4, 0.0)))
			var pixel: Vector2 = viewport.get_screen_transform() * middle
			print("office: body of %s at %d %d in %s" % [npc.agent_name, pixel.x, pixel.y, npc.color.to_html(false)])


func _process(_delta: float) -> void:
	if _hud != null:
		_tell_buttons(_hud)
		_tell_buttons(_dialog)
		_tell_dialog()


## Tells that the dialog has opened, once all of it is there and stands still.
func _tell_dialog() -> void:
	if _opened_frames < 0:
		return
	var is_review: bool = AgentVM.as_task(_dialog.task_id).question.is_empty()
	if not is_review or not _dialog.find_children("*", "RichTextLabel", true, false).is_empty():
		_opened_frames += 1
	if _opened_frames > STILL_FRAMES:
		_opened_frames = -1
		print("office: the dialog is open")


## Tells of buttons that were not there, or elsewhere, when it was told last.
func _tell_buttons(from: Node) -> void:
	for child: Node in from.get_children():
		var button: Button = child as Button
		if button != null and button.is_visible_in_tree() and not button.text.is_empty():
			var place: Vector2 = button.get_global_transform_with_canvas() * (button.size / 2.0)
			var middle: Vector2 = (button.get_viewport().get_screen_transform() * place).round()
			# What is laid out anew may be elsewhere in the next frame.
			var is_still: bool = _seen.has(button.text) and _seen[button.text] == middle
			_seen[button.text] = middle
			if not is_still:
				_opened_frames = mini(_opened_frames, 0)
			elif not _told.has(button.text) or _told[button.text] != middle:
				_told[button.text] = middle
				print("office: button %s at %d %d" % [button.text, middle.x, middle.y])
		_tell_buttons(child)


func _is_anybody_walking(spawner: AgentSpawner) -> bool:
	return spawner.get_npcs().any(func(npc: AgentNPC3D) -> bool: return npc.is_walking())


func _on_task_started(task_id: String, prompt: String) -> void:
	var agent_id: String = str(AgentVM.get_known_task(task_id).get("agent_id"))
	print("office: %s works on %s" % [_name_of(agent_id), prompt])


func _on_task_completed(task_id: String, _output: String) -> void:
	var agent: AgentVMAgent = AgentVM.as_task(task_id).get_agent()
	print("office: done by ", "nobody" if agent == null else agent.name)


func _on_agent_created(agent: Dictionary) -> void:
	if agent.get("parent_agent_id") is String:
		_helpers[str(agent["id"])] = agent["name"]
		print("office: %s comes to help %s" % [agent["name"], _name_of(str(agent["parent_agent_id"]))])
		_tell_standing(str(agent["id"]))


## Tells that a helper has come to its place beside whom it helps.
func _tell_standing(agent_id: String) -> void:
	var npc: AgentNPC3D = null
	var is_still: bool = false
	while _helpers.has(agent_id) and not is_still:
		await get_tree().create_timer(0.3).timeout
		var before: Vector3 = Vector3.INF if npc == null else npc.position
		npc = _spawner.get_npc(agent_id)
		is_still = npc != null and npc.position == before
	if is_still:
		print("office: %s stands" % _helpers[agent_id])


func _on_agent_removed(agent_id: String) -> void:
	if _helpers.has(agent_id):
		print("office: %s leaves" % _helpers[agent_id])
		_helpers.erase(agent_id)


## An agent asks: told once it has come to its desk and stands still there.
func _on_question_asked(_task_id: String, agent_id: String, question: Dictionary) -> void:
	while _spawner.get_npc(agent_id) != null and (_spawner.get_npc(agent_id) as AgentNPC3D).is_walking():
		await get_tree().process_frame
	tell_places(_spawner)
	print("office: %s asks: %s" % [_name_of(agent_id), question["text"]])


func _name_of(agent_id: String) -> String:
	return str(AgentVM.get_known_agent(agent_id).get("name"))
