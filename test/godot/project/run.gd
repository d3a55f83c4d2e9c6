extends SceneTree
## Runs the suites in res://suites whose names are given after --, or all of them, and prints a line a test.

const Suite = preload("res://suite.gd")
const PER_TEST_SECONDS: float = 60.0


func _init() -> void:
	_run.call_deferred()


func _run() -> void:
	var wanted: PackedStringArray = OS.get_cmdline_user_args()
	for file: String in DirAccess.get_files_at("res://suites"):
		if file.ends_with(".gd") and (wanted.is_empty() or wanted.has(file.get_basename())):
			await _run_suite(file)
	print("all suites have run")
	quit()


func _run_suite(file: String) -> void:
	var script: GDScript = load("res://suites/" + file)
	for method: Dictionary in script.get_script_method_list():
		var test: String = method["name"]
		if not test.begins_with("test_"):
			continue
		var suite: Suite = script.new()
		root.add_child(suite)
		var done: Array[bool] = [false]
		_run_test.call(suite, test, done)
		var end: int = Time.get_ticks_msec() + int(PER_TEST_SECONDS * 1000.0)
		while not done[0] and Time.get_ticks_msec() < end:
			await process_frame
		if not done[0]:
			suite.faults.append("it did not end within %s seconds" % PER_TEST_SECONDS)
		print("result ", JSON.stringify({"suite": file.get_basename(), "test": test, "faults": suite.faults}))
		suite.queue_free()
		await process_frame
		await process_frame


func _run_test(suite: Suite, test: String, done: Array[bool]) -> void:
	await suite.call(test)
	done[0] = true
