@tool
@icon("res://addons/agentvm/icon.svg")
class_name AgentNPC3D
extends Node3D
## Shows an agent as a character in 3D: a body in its colour, its name and what it does above it, what it says,
## and particles while it codes. It follows the agent's position and does less with distance.
##
## Set [member agent_id] and it shows that agent; an [AgentSpawner] makes one for every agent of the game.
## [codeblock]
## var npc: AgentNPC3D = preload("res://addons/agentvm/scenes/agent_npc_3d.tscn").instantiate()
## npc.agent_id = await AgentVM.create_agent("aider", {"name": "Ada"})
## npc.interaction_requested.connect(func(id: String) -> void: AgentVM.assign_task(id, "Fix the jump"))
## add_child(npc)
## [/codeblock]
## All NPCs of a viewport are drawn together: a hundred bodies are two draw calls, a hundred labels a few. The
## project settings under [code]agentvm/display[/code] say how much is drawn, and how far.
## [br][br]
## For a look of your own, turn [member show_body] off and put your model under the NPC;
## [signal state_changed] and [signal detail_changed] say what to play and when to stop.

## The NPC was clicked or tapped. While its agent waits for an answer, [signal question_requested] comes instead where
## somebody listens to that.
signal interaction_requested(agent_id: String)
## The NPC was clicked or tapped while its agent waits for an answer. An [AgentTaskDialog] shows the question by itself.
signal question_requested(agent_id: String)
## The NPC is pointed at, or not any more.
signal pointed_changed(is_pointed: bool)
## The agent does something else now: [code]idle, thinking, coding, speaking, moving, collaborating, waiting[/code] (for
## an answer, with its hand up) or [code]error[/code].
signal state_changed(state: String)
## The NPC has walked to where it was to be.
signal arrived
## The agent is gone. The NPC stays until it is freed; an [AgentSpawner] does that.
signal agent_lost(agent_id: String)
## More or less of the NPC is drawn: [constant DETAIL_FULL] to [constant DETAIL_HIDDEN].
signal detail_changed(detail: int)

const Crowd = preload("parts/crowd_3d.gd")
const Figure = preload("parts/npc_figure.gd")
const BodyMesh = preload("parts/body_mesh.gd")
const Link = preload("parts/npc_link.gd")
const Model = preload("parts/npc_model.gd")

## Body, label, speech and particles are drawn.
const DETAIL_FULL: int = 0
## Body and label are drawn.
const DETAIL_NO_PARTICLES: int = 1
## The label alone is drawn.
const DETAIL_LABEL_ONLY: int = 2
## Nothing is drawn.
const DETAIL_HIDDEN: int = 3

## The agent that is shown; empty shows nobody.
@export var agent_id: String = "":
	get:
		return _link.agent_id
	set(value):
		_link.agent_id = value
## Whether the NPC goes to where its agent is. Off: the game moves it, by [method walk_to] or its position.
@export var follow_agent: bool = true
## Metres a second. Who has far to go hurries.
@export_range(0.1, 20.0, 0.1, "or_greater", "suffix:m/s") var walk_speed: float = 2.2:
	set(value):
		walk_speed = value
		_figure.walk_speed = value
## How much farther than usual each level of detail reaches.
@export_range(0.1, 10.0, 0.1, "or_greater") var detail_reach: float = 1.0:
	set(value):
		detail_reach = value
		_figure.reach = value
## Whether the NPC can be pointed at, clicked and tapped.
@export var interactive: bool = true:
	set(value):
		interactive = value
		_figure.is_interactive = value
## Whether the body is drawn.
@export var show_body: bool = true:
	set(value):
		show_body = value
		_figure.has_body = value
		_update_preview()
## Whether name and state are drawn.
@export var show_label: bool = true:
	set(value):
		show_label = value
		_figure.has_label = value
## Whether what the agent says is drawn.
@export var show_speech: bool = true:
	set(value):
		show_speech = value
		_figure.has_speech = value

## The manager that tells of the agent. Null takes the scene's own, else the autoload [code]AgentVM[/code].
var manager: AgentVMManager:
	get:
		return _link.manager
	set(value):
		_link.manager = value
## Asked for the way when the NPC walks: [code]func(from: Vector3, to: Vector3) -> PackedVector3Array[/code], in
## the parent's space. Without it the NPC walks straight.
var path_finder: Callable = Callable():
	set(value):
		path_finder = value
		_figure.path_finder = value
## The agent's name.
var agent_name: String:
	get:
		return _model.title
## What the agent does, as the wire has it.
var state: String:
	get:
		return _model.state
## The agent that this one helps with a task; empty for one that stands for itself.
var parent_agent_id: String:
	get:
		return _model.parent_agent_id
## The body's colour.
var color: Color:
	get:
		return _model.color
	set(value):
		_model.color = value
		_model.changed.emit()
## How much of the NPC is drawn: [constant DETAIL_FULL] to [constant DETAIL_HIDDEN].
var detail: int:
	get:
		return _figure.level

var _model: Model = Model.new()
var _figure: Figure = Figure.new(self, _model)
var _link: Link = Link.new(_figure)
var _preview: MeshInstance3D = null


func _init() -> void:
	_model.moved.connect(_on_moved)
	_model.state_changed.connect(state_changed.emit)
	_model.removed.connect(func() -> void: agent_lost.emit(agent_id))
	_figure.arrived.connect(arrived.emit)
	_figure.pointed_changed.connect(pointed_changed.emit)
	_figure.level_changed.connect(detail_changed.emit)
	_figure.chosen.connect(_on_chosen)


func _enter_tree() -> void:
	_update_preview()
	if Engine.is_editor_hint():
		return
	_figure.place = position
	_figure.yaw = rotation.y
	_figure.look(rotation.y)
	_link.enter(Crowd.of_viewport(get_viewport(), Crowd))


func _exit_tree() -> void:
	_link.leave()


## Shows a text in the speech bubble for a while.
func say(text: String, seconds: float = 3.5) -> void:
	_model.say(text, seconds)


## Walks to a place in the parent's space, or is there [param at_once].
func walk_to(place: Vector3, at_once: bool = false) -> void:
	_figure.place = position
	_figure.walk_to(place, at_once)
	if at_once:
		position = place
		rotation.y = _figure.yaw


## Turns to look at a place in the parent's space.
func look_toward(place: Vector3) -> void:
	if not Vector2(place.x - position.x, place.z - position.z).is_zero_approx():
		_figure.look(atan2(position.x - place.x, position.z - place.z))


## Whether the NPC is on its way.
func is_walking() -> bool:
	return _figure.is_walking()


## Shows an agent that no manager tells of, as the wire has it: [code]id, name, color, state[/code].
func show_agent(agent: Dictionary) -> void:
	_model.take(agent)


## Used by the spawner: its signal asks for what this NPC's [signal question_requested] asks for.
func forward_questions(to: Signal) -> void:
	_link.forward = to


func _on_chosen() -> void:
	if not _link.ask(question_requested):
		interaction_requested.emit(agent_id)


func _on_moved(place: Vector3, at_once: bool) -> void:
	if follow_agent:
		walk_to(place, at_once)


## The body is drawn by the crowd, which is not there in the editor.
func _update_preview() -> void:
	if not Engine.is_editor_hint() or not is_inside_tree():
		return
	if _preview == null:
		_preview = MeshInstance3D.new()
		_preview.mesh = BodyMesh.fine()
		add_child(_preview, false, Node.INTERNAL_MODE_BACK)
	_preview.visible = show_body
