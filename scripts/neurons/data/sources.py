"""The data sources: one record each, and all that a new one needs (with its value in the schema).

Nothing here reads data or imports a library, since the configuration is checked with it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Archive:
    """A file as published: its name, its MD5 and the addresses that serve it (a base each)."""

    name: str
    md5: str
    bases: tuple[str, ...]


@dataclass(frozen=True)
class Size:
    """Published size: image shape (H, W[, 3]), classes, and images of train and test.

    No test images (0): they are cut off the training ones by `test_share`.
    """

    image_shape: tuple[int, ...]
    classes: int
    train: int
    test: int = 0


@dataclass(frozen=True)
class Source:
    """A source of images.

    Attributes
    ----------
    reader : the key of `convert.READERS`.
    keys : keys of a data set's configuration that go with this source, beside `source` and `grayscale`.
    size : None where the user's own data have any.
    torchvision : name of torchvision's class.
    folder : below `data_dir`, where the files lie.
    archives : the files that the data set is made of; a single tar archive is unpacked into `folder`.
    classes : their names, where the files do not tell them.
    """

    reader: str
    keys: tuple[str, ...] = ()
    size: Size | None = None
    torchvision: str = ""
    folder: str = ""
    archives: tuple[Archive, ...] = ()
    classes: tuple[str, ...] = ()


SPLIT_KEYS = ("test_share", "split_seed")


def idx_source(
    torchvision: str, bases: tuple[str, ...], checksums: dict[str, str], classes: tuple[str, ...], size: Size
) -> Source:
    """Return the record of a data set in MNIST's format.

    `checksums`: MD5 by file, in the order images and labels of train, images and labels of test.
    """
    archives = tuple(Archive(name, md5, bases) for name, md5 in checksums.items())
    return Source("idx", ("mirror",), size, torchvision, f"{torchvision}/raw", archives, classes)


def cifar_source(torchvision: str, folder: str, name: str, md5: str, size: Size) -> Source:
    """Return the record of a CIFAR data set: one tar archive of batches."""
    archive = Archive(name, md5, ("https://www.cs.toronto.edu/~kriz/",))
    return Source("cifar", ("mirror",), size, torchvision, folder, (archive,))


SOURCES = {
    "digits": Source("digits", SPLIT_KEYS, Size((8, 8), 10, 1797)),
    "mnist": idx_source(
        "MNIST",
        ("https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"),
        {
            "train-images-idx3-ubyte.gz": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
            "train-labels-idx1-ubyte.gz": "d53e105ee54ea40749a09fcbcd1e9432",
            "t10k-images-idx3-ubyte.gz": "9fb629c4189551a2d022fa330f9573f3",
            "t10k-labels-idx1-ubyte.gz": "ec29112dd5afa0611ce80d1b7f02629c",
        },
        tuple("0123456789"),
        Size((28, 28), 10, 60_000, 10_000),
    ),
    "fashion_mnist": idx_source(
        "FashionMNIST",
        ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
        {
            "train-images-idx3-ubyte.gz": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "train-labels-idx1-ubyte.gz": "25c81989df183df01b3e8a0aad5dffbe",
            "t10k-images-idx3-ubyte.gz": "bef4ecab320f06d8554ea6380940ec79",
            "t10k-labels-idx1-ubyte.gz": "bb300cfdad3c16e7a12a480ee83cd310",
        },
        ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
        Size((28, 28), 10, 60_000, 10_000),
    ),
    "cifar10": cifar_source(
        "CIFAR10",
        "cifar-10-batches-py",
        "cifar-10-python.tar.gz",
        "c58f30108f718f92721af3b95e74349a",
        Size((32, 32, 3), 10, 50_000, 10_000),
    ),
    "cifar100": cifar_source(
        "CIFAR100",
        "cifar-100-python",
        "cifar-100-python.tar.gz",
        "eb9058c3a382ffc7106e4002c42a8d85",
        Size((32, 32, 3), 100, 50_000, 10_000),
    ),
    "image_folder": Source("folder", ("path", "classes", "size", *SPLIT_KEYS)),
    "npz": Source("npz", ("path",)),
}
