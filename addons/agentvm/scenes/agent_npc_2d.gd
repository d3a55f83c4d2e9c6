@tool
@icon("res://addons/agentvm/icon.svg")
class_name AgentNPC2D
extends Node2D
## Shows an agent as a character in 2D: what [AgentNPC3D] does, flat.
##
## The x and y of the agent's position, times [member pixels_per_unit], are where it stands in its parent.
## [codeblock]
## var npc: AgentNPC2D = preload("res://addons/agentvm/scenes/agent_npc_2d.tscn").instantiate()
## npc.agent_id = await AgentVM.create_agent("claude", {"position": Vector2(120, 80)})
## add_child(npc)
## [/codeblock]

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

const Crowd = preload("parts/crowd_2d.gd")
const Figure = preload("parts/npc_figure.gd")
const Look = preload("parts/npc_look.gd")
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
## Pixels of the body.
const SIZE: float = 64.0

## The agent that is shown; empty shows nobody.
@export var agent_id: String = "":
	get:
		return _link.agent_id
	set(value):
		_link.agent_id = value
## Whether the NPC goes to where its agent is. Off: the game moves it, by [method walk_to] or its position.
@export var follow_agent: bool = true
## Pixels that one unit of the agent's position is.
@export_range(0.01, 1000.0, 0.01, "or_greater", "suffix:px") var pixels_per_unit: float = 1.0
## Pixels a second. Who has far to go hurries.
@export_range(1.0, 2000.0, 1.0, "or_greater", "suffix:px/s") var walk_speed: float = 90.0:
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
		queue_redraw()
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
## the parent's space with z 0. Without it the NPC walks straight.
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
var _body: RID
var _has_body: bool = false
var _drawn_color: Color = Color.TRANSPARENT
var _drawn_raise: float = 0.0


func _init() -> void:
	_figure.walk_speed = walk_speed
	_body = RenderingServer.canvas_item_create()
	RenderingServer.canvas_item_set_parent(_body, get_canvas_item())
	_model.moved.connect(_on_moved)
	_model.state_changed.connect(state_changed.emit)
	_model.removed.connect(func() -> void: agent_lost.emit(agent_id))
	_figure.arrived.connect(arrived.emit)
	_figure.pointed_changed.connect(pointed_changed.emit)
	_figure.level_changed.connect(detail_changed.emit)
	_figure.chosen.connect(_on_chosen)


func _enter_tree() -> void:
	if Engine.is_editor_hint():
		return
	_figure.place = Vector3(position.x, position.y, 0.0)
	_link.enter(Crowd.of_viewport(get_viewport(), Crowd))


func _exit_tree() -> void:
	_link.leave()


func _draw() -> void:
	if Engine.is_editor_hint() and show_body:
		var rect: Rect2 = Rect2(-SIZE / 2.0, -SIZE, SIZE, SIZE)
		draw_texture_rect_region(Look.atlas(), rect, Look.BODY, color)
		draw_texture_rect_region(Look.atlas(), rect, Look.FACE)


func _notification(what: int) -> void:
	if what == NOTIFICATION_PREDELETE and _body.is_valid():
		RenderingServer.free_rid(_body)


## Shows a text in the speech bubble for a while.
func say(text: String, seconds: float = 3.5) -> void:
	_model.say(text, seconds)


## Walks to a place in the parent's space, or is there [param at_once].
func walk_to(place: Vector2, at_once: bool = false) -> void:
	_figure.place = Vector3(position.x, position.y, 0.0)
	_figure.walk_to(Vector3(place.x, place.y, 0.0), at_once)
	if at_once:
		position = place


## Whether the NPC is on its way.
func is_walking() -> bool:
	return _figure.is_walking()


## Shows an agent that no manager tells of, as the wire has it: [code]id, name, color, state[/code].
func show_agent(agent: Dictionary) -> void:
	_model.take(agent)


## Used by the crowd, which knows when the body has to be drawn. [param raise] is how far its hand is up, from 0 to 1.
func draw_body(is_shown: bool, pose: Transform2D, lift: float, raise: float = 0.0) -> void:
	var tint: Color = _model.color.lightened(0.2 * lift)
	if is_shown != _has_body or tint != _drawn_color or raise != _drawn_raise:
		_has_body = is_shown
		_drawn_color = tint
		_drawn_raise = raise
		RenderingServer.canvas_item_clear(_body)
		if is_shown:
			var rect: Rect2 = Rect2(-SIZE / 2.0, -SIZE, SIZE, SIZE)
			if raise > 0.0:
				_put_hand(tint, raise)
			Look.put(_body, rect, Look.BODY, tint)
			Look.put(_body, rect, Look.FACE, Color.WHITE)
	RenderingServer.canvas_item_set_transform(_body, pose)


func _put_hand(tint: Color, raise: float) -> void:
	# From the shoulder up beside the head, in a shade of its own so that it is seen before the body.
	var top: float = -0.5 * SIZE - 0.56 * SIZE * raise
	var arm: Rect2 = Rect2(0.3 * SIZE, top, 0.14 * SIZE, -0.3 * SIZE - top)
	Look.put_round(_body, arm, 0.07 * SIZE, tint.lightened(0.12))
	Look.put(_body, Rect2(arm.position - Vector2(0.04, 0.06) * SIZE, Vector2(0.22, 0.22) * SIZE), Look.DISC, tint.lightened(0.35))


## Used by the spawner: its signal asks for what this NPC's [signal question_requested] asks for.
func forward_questions(to: Signal) -> void:
	_link.forward = to


func _on_chosen() -> void:
	if not _link.ask(question_requested):
		interaction_requested.emit(agent_id)


func _on_moved(place: Vector3, at_once: bool) -> void:
	if follow_agent:
		walk_to(Vector2(place.x, place.y) * pixels_per_unit, at_once)
