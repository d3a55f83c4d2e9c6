extends SubViewport
## A picture of its own with a camera, in which tests put NPCs and point at them.

const NPC_2D: PackedScene = preload("res://addons/agentvm/scenes/agent_npc_2d.tscn")
const NPC_3D: PackedScene = preload("res://addons/agentvm/scenes/agent_npc_3d.tscn")

## Looks at the origin from the front.
var camera: Camera3D = Camera3D.new()


func _init() -> void:
	size = Vector2i(640, 360)
	own_world_3d = true
	camera.far = 4000.0
	camera.position = Vector3(0.0, 0.0, 5.0)
	add_child(camera)


## An NPC in 3D that shows an idle agent no manager knows.
func npc_3d(place: Vector3 = Vector3.ZERO, title: String = "Ada") -> AgentNPC3D:
	var npc: AgentNPC3D = NPC_3D.instantiate()
	npc.agent_id = "agent_%s" % title
	npc.show_agent({"id": npc.agent_id, "name": title, "state": "idle"})
	npc.position = place
	add_child(npc)
	return npc


## An NPC in 2D that shows an idle agent no manager knows.
func npc_2d(place: Vector2 = Vector2(320.0, 200.0), title: String = "Ada") -> AgentNPC2D:
	var npc: AgentNPC2D = NPC_2D.instantiate()
	npc.agent_id = "agent_%s" % title
	npc.show_agent({"id": npc.agent_id, "name": title, "state": "idle"})
	npc.position = place
	add_child(npc)
	return npc


## The middle of a body in the picture.
func middle_of(npc: AgentNPC3D) -> Vector2:
	return camera.unproject_position(npc.global_position + Vector3(0.0, 0.7, 0.0))


## Waits until so many frames have been drawn.
func frames(count: int) -> void:
	for turn: int in count:
		await get_tree().process_frame


## Moves the mouse to a place.
func point(at: Vector2) -> void:
	var motion: InputEventMouseMotion = InputEventMouseMotion.new()
	motion.position = at
	push_input(motion, true)


## Presses the left button of the mouse, or lets go of it.
func press(at: Vector2, is_down: bool) -> void:
	var button: InputEventMouseButton = InputEventMouseButton.new()
	button.button_index = MOUSE_BUTTON_LEFT
	button.position = at
	button.pressed = is_down
	push_input(button, true)


## Clicks at a place.
func click(at: Vector2) -> void:
	press(at, true)
	press(at, false)


## Counts what is drawn in 3D: how many meshes there are, hidden ones left out.
func count_meshes(from: Node = self) -> int:
	var count: int = 1 if from is MeshInstance3D and (from as MeshInstance3D).is_visible_in_tree() else 0
	for child: Node in from.get_children(true):
		count += count_meshes(child)
	return count
