import pytest

from neurons.core.errors import InputError
from neurons.workflow.surroundings import FOLDERS, check_folders, library_first


@pytest.mark.parametrize(
    "before, after", [(None, "/s"), ("", "/s"), ("/a:/b", "/s:/a:/b"), ("/a:/s", "/s:/a"), ("/s", "/s")]
)
def test_our_modules_come_before_those_of_the_user(before, after):
    environment = {} if before is None else {"PYTHONPATH": before}
    library_first("/s", environment)
    assert environment == {"PYTHONPATH": after}


@pytest.mark.parametrize("name", [*FOLDERS, "logs/train_model", "benchmarks/train_model"])
@pytest.mark.parametrize("make", [lambda path: path.touch(), lambda path: path.symlink_to("nowhere")])
def test_a_file_in_the_way_of_a_folder_is_named(tmp_path, name, make):
    check_folders(tmp_path, ["train_model"])
    (tmp_path / name).parent.mkdir(exist_ok=True)
    make(tmp_path / name)
    with pytest.raises(
        InputError, match=f"{name}: a (file|link that leads nowhere), where this workflow needs a folder"
    ):
        check_folders(tmp_path, ["train_model"])


def test_folders_and_links_to_folders_pass(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "logs").mkdir()
    (tmp_path / "results").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "logs/notes.txt").touch()
    check_folders(tmp_path, ["train_model"])
