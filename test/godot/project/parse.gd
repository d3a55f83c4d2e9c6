extends SceneTree
## Loads every script of the project: with warnings as errors, one that has any cannot be used.

var _count: int = 0
var _bad: int = 0


func _init() -> void:
	_walk("res://")
	if _bad == 0:
		print("every script can be used: %d" % _count)
	quit()


func _walk(folder: String) -> void:
	for file: String in DirAccess.get_files_at(folder):
		if file.get_extension() == "gd":
			_count += 1
			var script: Script = load(folder.path_join(file))
			if script == null or not script.can_instantiate():
				_bad += 1
				printerr("ERROR: %s cannot be used" % folder.path_join(file))
	for child: String in DirAccess.get_directories_at(folder):
		_walk(folder.path_join(child))
