extends Node
## Tells what is seen, what can be pressed and what happens, so that a test can play the game with mouse or finger:
## [code]?story=watch[/code].

const Crew = preload("../crew.gd")
const Hud = preload("../ui/hud.gd")

var _hud: Hud = null
var _buttons: Dictionary[String, Vector2] = {}


## Begins, once everybody has come in and stands still.
func run(hud: Hud, spawner: AgentSpawner) -> void:
	spawner.interaction_requested.connect(func(id: String) -> void: print("office: asks about ", _name_of(id)))
	AgentVM.task_started.connect(_on_task_started)
	AgentVM.request_failed.connect(func(error: AgentVMError) -> void: print("office: failed ", error))
	while spawner.get_npcs().size() < Crew.START or _is_anybody_walking(spawner):
		await get_tree().process_frame
	tell_places(spawner)
	_hud = hud
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


## Tells of buttons that were not there, or elsewhere, when it was told last.
func _tell_buttons(from: Node) -> void:
	for child: Node in from.get_children():
		var button: Button = child as Button
		if button != null and button.is_visible_in_tree():
			var place: Vector2 = button.get_global_transform_with_canvas() * (button.size / 2.0)
			var middle: Vector2 = (button.get_viewport().get_screen_transform() * place).round()
			if not _buttons.has(button.text) or _buttons[button.text] != middle:
				_buttons[button.text] = middle
				print("office: button %s at %d %d" % [button.text, middle.x, middle.y])
		_tell_buttons(child)


func _is_anybody_walking(spawner: AgentSpawner) -> bool:
	return spawner.get_npcs().any(func(npc: AgentNPC3D) -> bool: return npc.is_walking())


func _on_task_started(task_id: String, prompt: String) -> void:
	var agent_id: String = str(AgentVM.get_known_task(task_id).get("agent_id"))
	print("office: %s works on %s" % [_name_of(agent_id), prompt])


func _name_of(agent_id: String) -> String:
	return str(AgentVM.get_known_agent(agent_id).get("name"))
