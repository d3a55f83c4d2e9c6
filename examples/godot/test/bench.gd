extends Node
## Measures how many frames a second the office draws with ten NPCs and with more, in turns, so that what else
## the machine does counts for both: [code]?bench=100&endpoint=mock://?max_agents=100[/code].

const Crew = preload("../crew.gd")
const Layout = preload("../office/layout.gd")

const FEW: int = 10
const ROUNDS: int = 7
const SETTLE_SECONDS: float = 1.5
const MEASURE_SECONDS: float = 2.5
const TYPES: Array[String] = ["coding", "debugging", "testing", "explanation"]

var _spawner: AgentSpawner = null
var _next_ms: int = 0


## Measures with [constant FEW] and with [param many] NPCs.
func run(many: int, crew: Crew, spawner: AgentSpawner) -> void:
	_spawner = spawner
	AgentVM.request_failed.connect(func(error: AgentVMError) -> void: print("bench: failed: ", error))
	# Here everybody stays where the measuring puts them.
	crew.set_process(false)
	while not AgentVM.is_connected_to_api() or spawner.get_npcs().size() < Crew.START:
		await get_tree().process_frame
	var few_rates: Array[float] = []
	var many_rates: Array[float] = []
	var ratios: Array[float] = []
	for turn: int in ROUNDS:
		await _have(FEW)
		var few: float = await _measure()
		await _have(many)
		var rate: float = await _measure()
		few_rates.append(few)
		many_rates.append(rate)
		ratios.append(rate / few)
		print("bench: round %d, %d NPCs %.1f fps, %d NPCs %.1f fps, ratio %.2f" % [turn + 1, FEW, few, many, rate, rate / few])
	print("bench: %d NPCs %.1f fps, %d NPCs %.1f fps, ratio %.3f" % [FEW, _middle(few_rates), many, _middle(many_rates), _middle(ratios)])
	print("bench: over")


func _process(_delta: float) -> void:
	if _spawner == null or Time.get_ticks_msec() < _next_ms:
		return
	_next_ms = Time.get_ticks_msec() + 1000
	var agents: Array[Dictionary] = AgentVM.get_known_agents()
	for index: int in agents.size():
		# Everybody always has something to do, and one in ten walks.
		if agents[index]["state"] == "idle":
			AgentVM.assign_task(str(agents[index]["id"]), "Work on part %d" % index, TYPES[index % TYPES.size()])
		if randi() % 10 == 0:
			AgentVM.queue_agent_position(str(agents[index]["id"]), _spot(randi() % 100))


func _have(count: int) -> void:
	var agents: Array[Dictionary] = AgentVM.get_known_agents()
	# All calls at once; what came of them is seen in the scene.
	for index: int in range(agents.size() - 1, count - 1, -1):
		AgentVM.remove_agent(str(agents[index]["id"]))
	for index: int in range(agents.size(), count):
		AgentVM.create_agent(Crew.TYPES[index % 3], {"name": Crew.NAMES[index % 12], "position": _spot(index)})
	while _spawner.get_npcs().size() != count:
		await get_tree().process_frame
	await get_tree().create_timer(SETTLE_SECONDS).timeout


func _measure() -> float:
	var frames: int = 0
	var begin: int = Time.get_ticks_usec()
	while Time.get_ticks_usec() - begin < MEASURE_SECONDS * 1_000_000.0:
		await get_tree().process_frame
		frames += 1
	return frames * 1_000_000.0 / (Time.get_ticks_usec() - begin)


func _spot(index: int) -> Vector3:
	# Steps that have no common measure with the width spread any number of NPCs over the floor.
	var half: Vector2 = Layout.HALF - Vector2(0.7, 0.7)
	return Vector3(
		lerpf(-half.x, half.x, fposmod(index * 0.618034 + 0.37, 1.0)),
		0.0,
		lerpf(-half.y, half.y, fposmod(index * 0.754878 + 0.21, 1.0)),
	)


func _middle(values: Array[float]) -> float:
	var sorted: Array[float] = values.duplicate()
	sorted.sort()
	return sorted[floori(sorted.size() / 2.0)]
