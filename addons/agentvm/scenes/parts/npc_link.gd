@tool
extends RefCounted
## Ties an NPC, in 2D or 3D, to what is outside of it: the manager that tells of its agent, and the crowd of its viewport
## that draws it.

const Crowd = preload("crowd.gd")
const Feed = preload("npc_feed.gd")
const Figure = preload("npc_figure.gd")

## The agent that the NPC shows; empty shows nobody.
var agent_id: String:
	get:
		return _figure.model.agent_id
	set(value):
		if value != agent_id:
			_unfollow()
			_figure.model.clear()
			_figure.model.agent_id = value
			_follow()
## The manager that tells of the agent. Null takes the scene's own, else the autoload.
var manager: AgentVMManager = null:
	set(value):
		_unfollow()
		manager = value
		_follow()

## The signal of the spawner that asks for questions too; null without a spawner.
var forward: Signal = Signal()

var _figure: Figure = null
var _feed: Feed = null
var _crowd: Crowd = null


func _init(figure: Figure = null) -> void:
	_figure = figure


## The NPC has entered a tree, whose crowd this is.
func enter(crowd: Crowd) -> void:
	_crowd = crowd
	_crowd.join(_figure)
	_follow()


## The NPC leaves its tree.
func leave() -> void:
	_unfollow()
	if is_instance_valid(_crowd):
		_crowd.leave(_figure)
	_crowd = null


## The NPC was clicked: asks for the question that its agent waits with, by the NPC's own signal, the spawner's and the
## feed's. Returns whether there is one, and anybody who listened.
func ask(requested: Signal) -> bool:
	if _figure.model.state != "waiting":
		return false
	var signals: Array[Signal] = [requested, forward]
	if _feed != null:
		signals.append(_feed.question_requested)
	var is_heard: bool = false
	for each: Signal in signals:
		if not each.is_null() and not each.get_connections().is_empty():
			is_heard = true
			each.emit(agent_id)
	return is_heard


func _follow() -> void:
	if _crowd == null or agent_id.is_empty():
		return
	var from: AgentVMManager = manager if manager != null else Feed.manager_near(_figure.node)
	if from != null:
		_feed = Feed.of(from)
		_feed.follow(_figure.model)


func _unfollow() -> void:
	if _feed != null:
		_feed.unfollow(_figure.model)
	_feed = null
