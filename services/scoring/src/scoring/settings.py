"""What a scoring process is told: what every service is, and nothing else."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from bus.settings import KafkaSettings
from kit.settings import ServiceSettings


class ScoringSettings(KafkaSettings, ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="SCORING_")


class StreamSettings(ScoringSettings):
    """The stream has a server of its own beside the api's and the worker's."""

    stream_port: int = Field(ge=1, le=65535, description="the live tallies, and the stream's health and metrics")
