extends Node3D
## The game: an office whose people are agents. It is written once; in a web export the backend is embedded in
## the page, and everywhere else it is a server.

const Bench = preload("test/bench.gd")
const Crew = preload("crew.gd")
const Hud = preload("ui/hud.gd")
const Options = preload("options.gd")
const Screen = preload("ui/screen.gd")
const Story = preload("test/story.gd")
const View = preload("office/view.gd")
const Watch = preload("test/watch.gd")

## One game for ever: whoever was hired yesterday is still there when the server is.
const GAME_ID: String = "office"

## The backend in the page, in which people ask, have their work looked at and bring helpers along.
const IN_PAGE: String = "mock://?script=res://scripts.json"

var _options: Options = Options.new()

@onready var _crew: Crew = $Crew
@onready var _spawner: AgentSpawner = $AgentSpawner
@onready var _hud: Hud = $Hud
@onready var _view: View = $View
@onready var _dialog: AgentTaskDialog = $AgentTaskDialog


func _enter_tree() -> void:
	AgentVM.game_id = GAME_ID
	# Before the autoload connects, which it does at the end of this frame.
	var endpoint: String = _options.text("endpoint")
	if endpoint.is_empty() and OS.has_feature("web"):
		endpoint = IN_PAGE
	if not endpoint.is_empty():
		ProjectSettings.set_setting("agentvm/connection/endpoint", endpoint)


func _ready() -> void:
	Screen.fit(get_window())
	_spawner.npc_spawned.connect(func(npc: Node, _id: String) -> void: _crew.set_up(npc as AgentNPC3D))
	# Helpers take no tasks: a press on one is for whom it helps.
	_spawner.interaction_requested.connect(func(id: String) -> void: _hud.ask(Crew.helped_by(id)))
	if not _options.text("types").is_empty():
		_crew.types = _options.text("types").split(",", false)
	_crew.news.connect(_hud.note)
	_hud.covered_changed.connect(func(edges: Vector2) -> void: _view.covered = edges)
	_view.covered = _hud.covered()
	_hud.task_wanted.connect(_crew.give)
	_hud.team_wanted.connect(_crew.call_team)
	_hud.hire_wanted.connect(_crew.hire)
	_hud.call_off_wanted.connect(AgentVM.cancel_task)
	_hud.look_wanted.connect(_dialog.show_task)
	_dialog.reviewed.connect(_on_reviewed)
	if _options.number("bench") > 0:
		var bench: Bench = Bench.new()
		add_child(bench)
		bench.run(_options.number("bench"), _crew, _spawner)
	elif _options.text("story") == "watch":
		var watch: Watch = Watch.new()
		add_child(watch)
		watch.run(_hud, _spawner, _dialog)
	elif not _options.text("story").is_empty():
		var story: Story = Story.new()
		add_child(story)
		story.run(_crew, _spawner)


func _on_reviewed(task_id: String, is_accepted: bool) -> void:
	var words: String = "%s's changes are in." if is_accepted else "%s's changes are thrown away."
	var agent: AgentVMAgent = AgentVM.as_task(task_id).get_agent()
	_hud.note(words % ("Somebody" if agent == null else agent.name))
