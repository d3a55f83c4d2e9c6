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
