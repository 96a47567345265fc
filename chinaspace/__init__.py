"""Who said what about China's space programme: the graph, its checks and its endpoint."""

__version__ = "0.1.0"
